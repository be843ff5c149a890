"""Arrays for metrics, saved in all ways that NumPy has, and what the reference implementations say of them.

make FOLDER     writes the arrays
measure FOLDER  reads them, and the directions of projections beside them, and prints one JSON object
"""

import contextlib
import importlib.util
import json
import sys
import types
from pathlib import Path

import numpy as np

REAL, FAKE, CLASSES = 300, 260, 4


def make(folder):
    random = np.random.default_rng(7)
    classes = random.integers(0, CLASSES, REAL), random.integers(0, CLASSES, FAKE)
    centres = random.normal(size=(CLASSES, 12)) / 2
    mix = random.normal(size=(12, 12)) / 3
    real = centres[classes[0]] + random.normal(size=(REAL, 12)) @ mix
    fake = 0.9 * centres[classes[1]] + random.normal(size=(FAKE, 12)) @ mix + 0.1
    copies = np.concatenate([real[:130] + 1e-3 * random.normal(size=(130, 12)), fake[:130]])
    wide = random.normal(size=(2, 40, 64)) @ random.normal(size=(64, 64))
    arrays = {
        "real": real,
        "fake": fake,
        "copies": copies,
        "heldOut": centres[random.integers(0, CLASSES, 150)] + random.normal(size=(150, 12)) @ mix,
        "wideReal": wide[0],
        "wideFake": wide[1] * 1.2,
        "largeReal": random.normal(size=(2500, 8)),
        "largeFake": random.normal(size=(2500, 8)) * 1.1,
        "realLabels": classes[0],
        "fakeLabels": classes[1].astype(np.uint8),
        "images": random.integers(0, 256, (5, 32, 48, 3), dtype=np.uint8),
    }
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    for version in (1, 0), (2, 0), (3, 0):
        for order in "C", "F":
            for dtype in "<f4", ">f4", "<f8", ">f8", "|u1":
                array = np.arange(24, dtype=dtype).reshape(2, 3, 4)
                with open(folder / f"saved-{version[0]}-{order}-{dtype[1:]}-{'<>|'.index(dtype[0])}.npy", "wb") as file:
                    np.lib.format.write_array(file, np.asarray(array, order=order), version)


class Tensor(np.ndarray):
    """As much of a tensor of PyTorch as torch-fidelity asks of one before it turns to NumPy."""

    dim = lambda self: self.ndim
    cpu = lambda self: self
    numpy = lambda self: np.asarray(self)


def torch_fidelity(name):
    """A module of torch-fidelity's numerics, without the PyTorch that the package around it imports."""
    # Gone again afterwards: SciPy looks for a real one.
    sys.modules["torch"] = types.SimpleNamespace(is_tensor=lambda value: isinstance(value, Tensor))
    package = types.ModuleType("torch_fidelity")
    (place,) = importlib.util.find_spec("prdc").submodule_search_locations
    package.__path__ = [str(Path(place).parent / "torch_fidelity")]
    sys.modules["torch_fidelity"] = package
    names = "get_cacheable_input_name cache_lookup_one_recompute_on_miss extract_featuresdict_from_input_id_cached"
    names += " create_feature_extractor resolve_feature_extractor resolve_feature_layer_for_metric"
    sys.modules["torch_fidelity.utils"] = types.SimpleNamespace(**dict.fromkeys(names.split()))
    module = importlib.import_module(f"torch_fidelity.{name}")
    del sys.modules["torch"]
    return module


def measure(folder):
    array = lambda name: np.load(folder / f"{name}.npy")
    real, fake, copies, held_out = array("real"), array("fake"), array("copies"), array("heldOut")
    return {
        "fid": frechet(real, fake),
        "fidOfFewerThanFeatures": frechet(array("wideReal"), array("wideFake")),
        "kidOfAll": kernel(array("largeReal"), array("largeFake"), subsets=1, size=2500),
        "kid": kernel(array("largeReal"), array("largeFake"), subsets=50, size=500),
        **neighbours(real, fake),
        "mind": 3 * 8 * sliced(array("largeReal"), array("largeFake"), array("directions"), 2),
        "swd": sliced(array("largeReal"), array("largeFake"), array("directions")[:512], 1),
        "transport": transport(real, fake),
        "cas": accuracies(real, fake, array("realLabels"), array("fakeLabels")),
        "memorisation": [copying(real, held_out, other) for other in (fake, copies)],
        "pyramid": pyramid(array("images")),
    }


def frechet(real, fake):
    fid = torch_fidelity("metric_fid")
    statistics = [fid.fid_features_to_statistics(features.view(Tensor)) for features in (real, fake)]
    return fid.fid_statistics_to_metric(*statistics, False)[fid.KEY_METRIC_FID]


def kernel(real, fake, subsets, size):
    kid = torch_fidelity("metric_kid")
    options = {"kid_subsets": subsets, "kid_subset_size": size, "rng_seed": 1, "verbose": False}
    result = kid.kid_features_to_metric(real.view(Tensor), fake.view(Tensor), **options)
    return {"value": result[kid.KEY_METRIC_KID_MEAN], "deviation": result[kid.KEY_METRIC_KID_STD]}


def neighbours(real, fake):
    from prdc import compute_prdc

    return {f"neighbours{k}": compute_prdc(real, fake, k) for k in (3, 5)}


def sliced(real, fake, directions, power):
    projections = [np.sort(features @ directions.T, axis=0) for features in (real, fake)]
    return np.mean(np.abs(projections[0] - projections[1]) ** power)


def transport(real, fake):
    from scipy.stats import wasserstein_distance

    return wasserstein_distance(real[:, 0], fake[:, 0])


def accuracies(real, fake, real_labels, fake_labels):
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    fit = lambda x, y: make_pipeline(StandardScaler(), LogisticRegression(tol=1e-9, max_iter=10_000)).fit(x, y)
    return {
        "trainedOnFake": fit(fake, fake_labels).score(real, real_labels),
        "trainedOnReal": fit(real, real_labels).score(fake, fake_labels),
    }


def copying(train, held_out, fake):
    from scipy.stats import mannwhitneyu, norm
    from sklearn.neighbors import NearestNeighbors

    index = NearestNeighbors(n_neighbors=1).fit(train)
    distances = [index.kneighbors(features)[0][:, 0] for features in (fake, held_out)]
    test = mannwhitneyu(*distances, alternative="less", method="asymptotic", use_continuity=False)
    return {"ratio": distances[0].mean() / distances[1].mean(), "z": norm.ppf(test.pvalue)}


def pyramid(images):
    from scipy.ndimage import convolve

    line = np.array([1, 4, 6, 4, 1]) / 16
    blur = lambda level, gain: convolve(level, np.outer(line, line)[None, :, :, None] * gain, mode="mirror")
    level = images.astype(np.float64)
    smaller = blur(level, 1)[:, ::2, ::2]
    sparse = np.zeros_like(level)
    sparse[:, ::2, ::2] = smaller
    return [(level - blur(sparse, 4)).ravel().tolist(), smaller.ravel().tolist()]


if __name__ == "__main__":
    command, folder = sys.argv[1], Path(sys.argv[2])
    with contextlib.redirect_stdout(sys.stderr):
        output = make(folder) if command == "make" else measure(folder)
    print(json.dumps(output, default=float))
