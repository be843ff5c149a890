"""Makes images with a SavedModel's `serving_default` as anybody would who knows TensorFlow and not Ganway.

saved_model.py FOLDER LATENTS.safetensors IMAGES.safetensors
"""

import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import tensorflow as tf

import safetensors

folder, latents, images = sys.argv[1:]
serving = tf.saved_model.load(folder).signatures["serving_default"]
_, inputs = serving.structured_input_signature
assert inputs["z"].shape.as_list()[0] is None, "the batch is not free"
assert serving.structured_outputs["images"].shape.as_list()[0] is None, "the batch is not free"
assert not serving.variables, "weights are not constants"
z = safetensors.read(latents)["z"]
made = serving(z=tf.constant(z))["images"]
# One alone is the same as among others.
alone = serving(z=tf.constant(z[:1]))["images"]
tf.debugging.assert_near(made[:1], alone, atol=1e-5)
safetensors.write(images, {"images": made.numpy()})
