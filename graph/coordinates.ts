/** Writes a schema as one line for each thing a client can name, so that two schemas can be compared; knows no meaning. */
import { type GraphQLSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType, isUnionType } from 'graphql';

/**
 * Every element of a schema with its type, sorted: `Run.samples: SampleSheetConnection!`,
 * `Run.samples(first:): Int = 20`, `RunPhase.QUEUED`, `RunEvent = SampleAdded`, `Run implements Node`.
 */
export function coordinatesOf(schema: GraphQLSchema): readonly string[] {
  const lines: string[] = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    lines.push(type.name);
    if (isUnionType(type)) lines.push(...type.getTypes().map((member) => `${type.name} = ${member.name}`));
    if (isEnumType(type)) lines.push(...type.getValues().map((value) => `${type.name}.${value.name}`));
    if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) {
        lines.push(`${type.name}.${field.name}: ${field.type}${defaultOf(field.defaultValue)}`);
      }
    }
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    lines.push(...type.getInterfaces().map((parent) => `${type.name} implements ${parent.name}`));
    for (const field of Object.values(type.getFields())) {
      const coordinate = `${type.name}.${field.name}`;
      lines.push(`${coordinate}: ${field.type}`);
      for (const argument of field.args) {
        lines.push(`${coordinate}(${argument.name}:): ${argument.type}${defaultOf(argument.defaultValue)}`);
      }
    }
  }
  return lines.sort();
}

function defaultOf(value: unknown): string {
  return value === undefined ? '' : ` = ${JSON.stringify(value)}`;
}
