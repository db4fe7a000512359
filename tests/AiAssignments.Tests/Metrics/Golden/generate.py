"""Writes the golden files beside this script. See README.md for what is needed and how it is run."""

import argparse
import importlib.util
import json
import math
import random
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import scipy
import sklearn
from scipy import stats
from sklearn import metrics

warnings.filterwarnings("ignore")
HERE = Path(__file__).parent
TYPES = ["PER", "LOC", "A-B"]


def number(value):
    value = float(value)
    return None if math.isnan(value) else value


def write(name, content):
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in content["cases"])
    head = json.dumps({key: value for key, value in content.items() if key != "cases"})[1:-1]
    (HERE / name).write_text("{" + head + ', "cases": [\n' + lines + "\n]}\n", encoding="utf-8", newline="\n")


# ---- classification -------------------------------------------------------------------------------------------------

def calibration(gold, p, bins=15):
    """Guo et al. 2017, written out: bins (lower, upper] of the top probability."""
    top = p.max(axis=1)
    right = p.argmax(axis=1) == gold
    error = 0.0
    for i in range(bins):
        inside = (top > i / bins) & (top <= (i + 1) / bins)
        if i == 0:
            inside |= top == 0
        if inside.any():
            error += inside.sum() / len(gold) * abs(right[inside].mean() - top[inside].mean())
    return error


def classification_case(name, gold, p32):
    gold = np.asarray(gold)
    p = p32.astype(np.float64)
    classes = p.shape[1]
    predicted = p.argmax(axis=1)
    labels = list(range(classes))
    case = {
        "name": name,
        "classes": classes,
        "gold": gold.tolist(),
        # The shortest decimal that reads back as the same float32.
        "probabilities": [[float(str(x)) for x in row] for row in p32],
        "confusion": metrics.confusion_matrix(gold, predicted, labels=labels).tolist(),
        "accuracy": metrics.accuracy_score(gold, predicted),
        "balancedAccuracy": metrics.balanced_accuracy_score(gold, predicted),
        "mcc": metrics.matthews_corrcoef(gold, predicted),
        "kappa": number(metrics.cohen_kappa_score(gold, predicted)),
        "logLoss": metrics.log_loss(gold, p, eps=2.0 ** -23, labels=labels),
        "logLossFloat32": float(metrics.log_loss(gold, p32, eps="auto", labels=labels)),
        "brier": metrics.brier_score_loss((gold == 1).astype(int), np.clip(p[:, 1], 0, 1), pos_label=1) if classes == 2
        else float(np.mean(np.sum((p - np.eye(classes)[gold]) ** 2, axis=1))),
        "ece": calibration(gold, p),
    }
    perClass = metrics.precision_recall_fscore_support(gold, predicted, labels=labels, zero_division=0)
    case["perClass"] = [[float(x) for x in column] for column in perClass[:3]]
    case["support"] = [int(x) for x in perClass[3]]
    for average in ("micro", "macro", "weighted"):
        case[average] = [float(x) for x in metrics.precision_recall_fscore_support(gold, predicted, average=average, zero_division=0)[:3]]
    case["rocAuc"] = [
        metrics.roc_auc_score(gold == k, p[:, k]) if 0 < (gold == k).sum() < len(gold) else None for k in labels
    ]
    return case


def softmax(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return (e / e.sum(axis=1, keepdims=True)).astype(np.float32)


def classification():
    rng = np.random.default_rng(20240501)

    def scores(gold, classes, skill, spread=2.0):
        x = rng.normal(size=(len(gold), classes)) * spread
        x[np.arange(len(gold)), gold] += skill
        return softmax(x)

    cases = []
    for classes in (2, 3, 5, 10):
        for skill in (0.0, 1.5, 6.0):
            gold = rng.integers(0, classes, size=60)
            cases.append(classification_case(f"random {classes} classes, skill {skill}", gold, scores(gold, classes, skill)))
    gold = np.repeat([0, 1, 2], [50, 8, 2])
    cases.append(classification_case("imbalanced", gold, scores(gold, 3, 1.0)))
    gold = rng.integers(0, 2, size=60)
    ties = np.round(scores(gold, 2, 1.0)[:, 1] * 4) / 4
    cases.append(classification_case("ties, two classes", gold, np.stack([1 - ties, ties], axis=1).astype(np.float32)))
    gold = rng.integers(0, 4, size=60)
    cases.append(classification_case("ties, equal probabilities", gold, np.full((60, 4), 0.25, dtype=np.float32)))
    gold = np.zeros(20, dtype=int)
    cases.append(classification_case("one class only, always right", gold, scores(gold, 2, 40.0)))
    cases.append(classification_case("one class only, some wrong", gold, scores(gold, 3, 0.5)))
    gold = rng.choice([0, 2], size=40)
    p = scores(gold, 4, 1.0)
    p[:, 3] = 0
    cases.append(classification_case("class 1 absent but predicted, class 3 nowhere", gold, p))
    gold = rng.integers(0, 3, size=40)
    p = scores(gold, 3, 1.0)
    p[:, 2] *= np.float32(1e-6)
    cases.append(classification_case("class 2 never predicted", gold, p))
    gold = rng.integers(0, 3, size=30)
    cases.append(classification_case("certain and right", gold, np.eye(3, dtype=np.float32)[gold]))
    cases.append(classification_case("certain and wrong", gold, np.eye(3, dtype=np.float32)[(gold + 1) % 3]))
    cases.append(classification_case("one label predicted always", gold, np.tile(np.array([[0, 1, 0]], dtype=np.float32), (30, 1))))
    cases.append(classification_case("one record", [1], np.array([[0.3, 0.7]], dtype=np.float32)))
    cases.append(classification_case("edges of bins", [0, 1] * 15, np.array([[1 - i / 30, i / 30] for i in range(1, 31)], dtype=np.float32)))
    write("classification.json", {"sklearn": sklearn.__version__, "numpy": np.__version__, "cases": cases})


# ---- entities -------------------------------------------------------------------------------------------------------

def random_tags(rnd, scheme, length, legal):
    prefixes = {"IOB1": "IOB", "IOB2": "IOB", "IOBES": "IOBES"}[scheme]
    if not legal:
        tags = []
        for _ in range(length):
            prefix = rnd.choice(prefixes + "O")
            tags.append("O" if prefix == "O" else f"{prefix}-{rnd.choice(TYPES[:2 + rnd.randrange(2)])}")
        return tags
    tags, before = [], None
    while len(tags) < length:
        if rnd.random() < 0.45:
            tags.append("O")
            before = None
            continue
        kind, size = rnd.choice(TYPES), min(rnd.choice([1, 1, 2, 3]), length - len(tags))
        if scheme == "IOB1":
            tags += [("B-" if before == kind else "I-") + kind] + [f"I-{kind}"] * (size - 1)
        elif scheme == "IOB2":
            tags += [f"B-{kind}"] + [f"I-{kind}"] * (size - 1)
        elif size == 1:
            tags.append(f"S-{kind}")
        else:
            tags += [f"B-{kind}"] + [f"I-{kind}"] * (size - 2) + [f"E-{kind}"]
        before = kind
    return tags


def noisy(rnd, tags, other):
    return [rnd.choice(other) if rnd.random() < 0.2 else tag for tag in tags]


def sentences_for(rnd, gold_scheme, predicted_scheme, legal, count=14):
    result = []
    for _ in range(count):
        length = rnd.randrange(0 if legal else 1, 13)
        gold = random_tags(rnd, gold_scheme, length, legal)
        if legal and gold_scheme == predicted_scheme and rnd.random() < 0.7:
            predicted = noisy(rnd, gold, random_tags(rnd, predicted_scheme, 8, False))
        else:
            predicted = random_tags(rnd, predicted_scheme, length, legal)
        result.append([gold, predicted])
    return result


def lines_of(sentences):
    return "\n".join("".join(f"w {g} {p}\n" for g, p in zip(*pair)) for pair in sentences)


def perl_counts(script, sentences):
    out = subprocess.run(["perl", str(script)], input=lines_of(sentences) + "\n", capture_output=True, text=True, check=True).stdout
    words = out.replace(";", "").replace(".\n", "\n").split()
    found = {}
    for line in out.splitlines()[2:]:
        name, rest = line.split(":", 1)
        found[name.strip()] = int(rest.split()[-1])
    return {
        "tokens": int(words[1]), "gold": int(words[4]), "predicted": int(words[7]), "correct": int(words[10]),
        "found": found,
    }


def conlleval_expected(conlleval, perl, sentences, with_perl):
    gold, predicted = [], []
    for g, p in sentences:
        gold += g + ["O"]
        predicted += p + ["O"]
    correct, true, guessed, *_ = conlleval.count_chunks(gold, predicted)
    types = sorted(set(true) | set(guessed))
    counts = {kind: [true[kind], guessed[kind], correct[kind]] for kind in types}
    expected = {"types": counts, "micro": [x / 100 for x in conlleval.get_result(correct, true, guessed, {}, {}, {}, verbose=False)]}
    if with_perl:
        totals = perl_counts(perl, sentences)
        sums = [sum(c[i] for c in counts.values()) for i in range(3)]
        assert [totals["gold"], totals["predicted"], totals["correct"]] == sums, (totals, counts)
        assert totals["found"] == {kind: c[1] for kind, c in counts.items()}, (totals, counts)
        expected["script"] = "conlleval.pl and conlleval.py"
    else:
        expected["script"] = "conlleval.py"
    right = sum(a == b for g, p in sentences for a, b in zip(g, p))
    words = sum(len(g) for g, _ in sentences)
    expected["tokenAccuracy"] = right / words if words else None
    return expected


def seqeval_expected(sentences, gold_scheme, predicted_scheme, strict):
    from seqeval.metrics import sequence_labeling as default
    from seqeval.metrics import v1
    from seqeval.scheme import IOB1, IOB2, IOBES, Entities
    schemes = {"IOB1": IOB1, "IOB2": IOB2, "IOBES": IOBES}
    gold, predicted = [s[0] for s in sentences], [s[1] for s in sentences]
    if strict:
        a = {e.to_tuple() for s in Entities(gold, schemes[gold_scheme]).entities for e in s}
        b = {e.to_tuple() for s in Entities(predicted, schemes[predicted_scheme]).entities for e in s}
    else:
        a = {(i,) + e for i, tags in enumerate(gold) for e in default.get_entities(tags)}
        b = {(i,) + e for i, tags in enumerate(predicted) for e in default.get_entities(tags)}
    types = sorted({e[1] for e in a | b})
    counts = {kind: [sum(e[1] == kind for e in group) for group in (a, b, a & b)] for kind in types}
    expected = {"types": counts}
    if types and (not strict or gold_scheme == predicted_scheme):
        for average in ("micro", "macro", "weighted"):
            if strict:
                values = v1.precision_recall_fscore_support(gold, predicted, average=average, scheme=schemes[gold_scheme], zero_division=0)
            else:
                values = default.precision_recall_fscore_support(gold, predicted, average=average, zero_division=0)
            expected[average] = [float(np.ravel(x)[0]) for x in values[:3]]
    return expected


def entities(arguments):
    spec = importlib.util.spec_from_file_location("conlleval", arguments.conlleval_py)
    conlleval = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(conlleval)
    sys.path.insert(0, arguments.seqeval)
    rnd = random.Random(20240502)
    cases = []
    pairs = [("IOB1", "IOB1"), ("IOB2", "IOB2"), ("IOBES", "IOBES"), ("IOB1", "IOB2"), ("IOB2", "IOB1"), ("IOB2", "IOBES")]
    for gold_scheme, predicted_scheme in pairs:
        for legal in (True, True, False, False):
            sentences = sentences_for(rnd, gold_scheme, predicted_scheme, legal)
            iob = "IOBES" not in (gold_scheme, predicted_scheme)
            base = {"gold": gold_scheme, "predicted": predicted_scheme, "sentences": sentences}
            cases.append({"mode": "conlleval", **base, "expected": conlleval_expected(conlleval, arguments.conlleval_pl, sentences, iob)})
            cases.append({"mode": "seqeval-default", **base, "expected": seqeval_expected(sentences, gold_scheme, predicted_scheme, False)})
            cases.append({"mode": "seqeval-strict", **base, "expected": seqeval_expected(sentences, gold_scheme, predicted_scheme, True)})
    odd = ["B", "I", "O", "B-X-Y", "I-X-Y", "X-PER", "E-PER", "S", ".", "B-PER", "I-PER", "BPER", "B-"]
    for _ in range(4):
        sentences = [[[rnd.choice(odd) for _ in range(n)], [rnd.choice(odd) for _ in range(n)]] for n in (3, 8, 15, 30)]
        cases.append({"mode": "seqeval-default", "gold": "IOB2", "predicted": "IOB2", "sentences": sentences, "expected": seqeval_expected(sentences, "IOB2", "IOB2", False)})
    plain = ["B", "I", "O", "I-X-Y", "B-X-Y", "I-X"]
    for _ in range(4):
        sentences = [[[rnd.choice(plain) for _ in range(n)], [rnd.choice(plain) for _ in range(n)]] for n in (3, 8, 15, 30)]
        totals = perl_counts(arguments.conlleval_pl, sentences)
        cases.append({"mode": "conlleval", "gold": "IOB2", "predicted": "IOB2", "sentences": sentences,
                      "expected": {"script": "conlleval.pl", "totals": [totals["gold"], totals["predicted"], totals["correct"]]}})
    for sentences in ([], [[[], []]], [[["O"], ["O"]]], [[["B-PER"], ["O"]]], [[["O"], ["B-PER"]]]):
        for mode, strict in (("seqeval-default", False), ("seqeval-strict", True)):
            cases.append({"mode": mode, "gold": "IOB2", "predicted": "IOB2", "sentences": sentences, "expected": seqeval_expected(sentences, "IOB2", "IOB2", strict)})
    write("entities.json", {"seqeval": arguments.seqeval_commit, "conlleval.py": arguments.conlleval_commit, "cases": cases})


# ---- statistics -----------------------------------------------------------------------------------------------------

def exact_mcnemar(b, c):
    """Twice the smaller binomial tail, in whole numbers."""
    n, term, tail = b + c, 1, 0
    for k in range(min(b, c) + 1):
        tail += term
        term = term * (n - k) // (k + 1)
    return min(1.0, 2 * tail / 2 ** n)


def statistics():
    cases = []
    for p in (1e-300, 1e-20, 1e-9, 0.001, 0.02425, 0.025, 0.05, 0.3, 0.5, 0.6, 0.9, 0.95, 0.975, 0.995, 0.9995, 1 - 1e-9):
        cases.append({"kind": "normal-quantile", "arguments": [p], "expected": float(stats.norm.ppf(p))})
    for count, trials in ((0, 1), (1, 1), (0, 10), (3, 10), (10, 10), (81, 263), (15, 148), (999, 1000), (123456, 1000000)):
        for level in (0.9, 0.95, 0.99):
            interval = stats.binomtest(count, trials).proportion_ci(level, method="wilson")
            cases.append({"kind": "wilson", "arguments": [count, trials, level], "expected": [float(interval.low), float(interval.high)]})
    for b, c in ((0, 0), (0, 1), (0, 5), (1, 2), (5, 5), (6, 16), (10, 25), (40, 70), (59, 6), (86, 150), (300, 420), (480, 520), (4900, 5200), (9500, 10200), (1000, 3000)):
        cases.append({"kind": "mcnemar", "arguments": [b, c], "expected": exact_mcnemar(b, c)})
    for k, n in ((0, 3), (1, 3), (7, 15), (8, 17), (20, 60), (450, 1000), (5000, 10000), (99000, 200000)):
        cases.append({"kind": "fair-probability", "arguments": [k, n], "expected": math.comb(n, k) / 2 ** n})
    write("statistics.json", {"scipy": scipy.__version__, "cases": cases})


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seqeval", required=True, help="folder that holds seqeval's package")
    parser.add_argument("--seqeval-commit", required=True)
    parser.add_argument("--conlleval-py", required=True)
    parser.add_argument("--conlleval-commit", required=True)
    parser.add_argument("--conlleval-pl", required=True)
    arguments = parser.parse_args()
    classification()
    entities(arguments)
    statistics()


if __name__ == "__main__":
    main()
