/** What tells a person that something is wrong: dead jobs, failing functions, lost events, money; repairs nothing. */
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { Alarm, ComparisonOperator, type IMetric, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Aws, Duration, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { FUNCTIONS, idOf } from './functions.ts';
import { jobEvents } from './job-events.ts';
import { names } from './names.ts';
import type { Stage } from './stage.ts';

const PERIOD = Duration.minutes(5);

/** Of a service that speaks for many accounts. */
const SAME_ACCOUNT = { conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } } };

export interface ObservabilityProps extends StackProps {
  readonly stage: Stage;
}

/** Ten alarms, which is what an account has for nothing; each further one, so each of a second stage, is 0.10 $ a month. */
export class ObservabilityStack extends Stack {
  constructor(scope: Construct, id: string, { stage, ...props }: ObservabilityProps) {
    super(scope, id, props);
    const topic = new Topic(this, 'Alarms', { topicName: names.stack(stage, 'alarms'), enforceSSL: true });
    // A policy of one's own takes the place of the one that let alarms in.
    topic.grantPublish(new ServicePrincipal('cloudwatch.amazonaws.com', SAME_ACCOUNT));
    if (stage.alarmMail !== null) topic.addSubscription(new EmailSubscription(stage.alarmMail));
    const alarm = (name: string, metric: IMetric, alarmDescription: string): void => {
      const raised = new Alarm(this, idOf(name), {
        alarmName: names.stack(stage, name),
        alarmDescription,
        metric,
        threshold: 1,
        evaluationPeriods: 1,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        // Nothing happened: nothing went wrong.
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      raised.addAlarmAction(new SnsAction(topic));
    };
    const sum = (namespace: string, metricName: string, dimensionsMap: Record<string, string>): IMetric =>
      new Metric({ namespace, metricName, dimensionsMap, period: PERIOD, statistic: 'Sum' });
    for (const name of FUNCTIONS) {
      alarm(
        `${name}-errors`,
        sum('AWS/Lambda', 'Errors', { FunctionName: names.function(stage, name) }),
        `The function ${name} has failed; its log is ${names.functionLogs(stage, name)}.`,
      );
    }
    alarm(
      'dead-letters',
      new Metric({
        namespace: 'AWS/SQS',
        metricName: 'ApproximateNumberOfMessagesVisible',
        dimensionsMap: { QueueName: names.stack(stage, 'dead-letters') },
        period: PERIOD,
        statistic: 'Maximum',
      }),
      'Events were given up; the queue holds them for 14 days.',
    );
    const ruleName = names.stack(stage, 'dead-jobs');
    tellOfDeadJobs(this, stage, topic, ruleName);
    alarm('dead-jobs', sum('AWS/Events', 'TriggeredRules', { RuleName: ruleName }), 'A job has failed for good.');
    watchSpending(this, stage, topic);
  }
}

/** Ganway's own words for a job that it ends itself begin so; that is no alarm. */
const ENDED_BY_GANWAY = ['Stopped by the user', 'Its run', 'The trainer did not stop'];

/** Each is also told by itself, with the job's name, which begins with the id of its run. */
function tellOfDeadJobs(stack: Stack, stage: Stage, topic: Topic, ruleName: string): void {
  const { detail, ...pattern } = jobEvents(stack, stage, ['FAILED']);
  const field = (name: string): string => EventField.fromPath(`$.detail.${name}`);
  new Rule(stack, 'DeadJobsRule', {
    ruleName,
    eventPattern: {
      ...pattern,
      detail: { ...detail, statusReason: [{ 'anything-but': { prefix: ENDED_BY_GANWAY } }] },
    },
    targets: [
      new SnsTopic(topic, {
        message: RuleTargetInput.fromText(
          `Job ${field('jobName')} (${field('jobId')}) failed: ${field('statusReason')}`,
        ),
      }),
    ],
  });
}

/**
 * Over the whole account: a budget that counts by tag sees nothing until somebody has made the tag one for billing, and says
 * so to nobody.
 */
function watchSpending(stack: Stack, { name, monthlyBudgetUsd }: Stage, topic: Topic): void {
  topic.grantPublish(new ServicePrincipal('budgets.amazonaws.com', SAME_ACCOUNT));
  const at = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number) => ({
    notification: { notificationType, threshold, thresholdType: 'PERCENTAGE', comparisonOperator: 'GREATER_THAN' },
    subscribers: [{ subscriptionType: 'SNS', address: topic.topicArn }],
  });
  new CfnBudget(stack, 'Budget', {
    budget: {
      budgetName: names.stack({ name }, `monthly-${stack.region}`),
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      budgetLimit: { amount: monthlyBudgetUsd, unit: 'USD' },
    },
    notificationsWithSubscribers: [at('ACTUAL', 80), at('ACTUAL', 100), at('FORECASTED', 100)],
  });
}
