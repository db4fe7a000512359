using AiAssignments.Evaluation.Results;

namespace AiAssignments.Tests.Reports;

/// <summary>Metrics made up with a seed, but consistent with each other as real ones are: counts add up, intervals hold their values.</summary>
internal static class SampleMetrics
{
    public static ClassificationMetrics Classification(IReadOnlyList<string> labels, int count, double accuracy, int seed, bool neverPredictLast = false)
    {
        var random = new Random(seed);
        var n = labels.Count;
        var confusion = new long[n][];
        for (var i = 0; i < n; i++)
        {
            confusion[i] = new long[n];
        }

        var (right, wrong) = (new long[20], new long[20]);
        var bins = new (long Count, double Confidence, long Right)[15];
        for (var record = 0; record < count; record++)
        {
            var truth = n == 2 ? (random.NextDouble() < 0.51 ? 1 : 0) : random.Next(n);
            var hard = accuracy - (0.12 * truth / n);
            var predicted = truth;
            if (random.NextDouble() > hard && n > 1)
            {
                predicted = random.NextDouble() < 0.55 ? (truth + 1) % n : (truth + 1 + random.Next(n - 1)) % n;
            }

            if (neverPredictLast && predicted == n - 1)
            {
                predicted = 0;
            }

            confusion[truth][predicted]++;
            var isRight = truth == predicted;
            var least = 1.0 / n;
            var confidence = isRight ? 1 - (Math.Pow(random.NextDouble(), 3) * (1 - least) * 0.9) : 1 - (Math.Pow(random.NextDouble(), 1.3) * (1 - least) * 0.95);
            (isRight ? right : wrong)[Math.Min(19, (int)(confidence * 20))]++;
            ref var bin = ref bins[Math.Min(14, (int)(confidence * 15))];
            bin = (bin.Count + 1, bin.Confidence + confidence, bin.Right + (isRight ? 1 : 0));
        }

        var hits = Enumerable.Range(0, n).Sum(i => confusion[i][i]);
        var classes = Enumerable.Range(0, n).Select(i => Class(labels[i], confusion[i].Sum(), confusion.Sum(row => row[i]), confusion[i][i], n == 2 ? null : 0.95)).ToArray();
        var calibration = bins.Select((bin, i) => new CalibrationBin(i / 15.0, (i + 1) / 15.0, bin.Count, bin.Count == 0 ? null : bin.Confidence / bin.Count, bin.Count == 0 ? null : (double)bin.Right / bin.Count)).ToArray();
        return new ClassificationMetrics
        {
            Labels = labels,
            Confusion = confusion,
            Count = count,
            Accuracy = Wilson(hits, count),
            BalancedAccuracy = Around(classes.Where(row => row.Support > 0).Select(row => row.Recall.Value ?? 0).DefaultIfEmpty().Average(), 0.012),
            Averages = Averages(classes, count),
            Classes = classes,
            Mcc = Around(0.834, 0.02),
            CohenKappa = Around(0.833, 0.02),
            LogLoss = count == 0 ? null : 0.2712345678901234,
            Brier = count == 0 ? null : 0.0661,
            RocAuc = count == 0 ? null : 0.9716,
            ExpectedCalibrationError = count == 0 ? null : calibration.Sum(bin => bin.Count * Math.Abs((bin.Accuracy - bin.MeanConfidence) ?? 0)) / count,
            Calibration = calibration,
            Scores = count == 0 ? null : new ScoreHistogram(right, wrong),
            Abstention = n == 2 ? new AbstentionMetrics(0.6, 88, Wilson(count - 88, count), Wilson(hits - 40, count - 88)) : null,
        };
    }

    public static EntityMetrics Entities(int seed)
    {
        var random = new Random(seed);
        string[] tags = ["O", "B-LOC", "I-LOC", "B-MISC", "I-MISC", "B-ORG", "I-ORG", "B-PER", "I-PER"];
        long[] supports = [38323, 1668, 257, 702, 216, 1661, 835, 1617, 1156];
        var confusion = tags.Select((_, i) => tags.Select((_, j) => i == j ? (long)(supports[i] * 0.9) : i == 0 ? random.Next(40) : random.Next((int)(supports[i] * 0.03) + 1)).ToArray()).ToArray();
        ClassMetrics[] types = [Class("LOC", 1668, 1640, 1516, null), Class("MISC", 702, 688, 521, null), Class("ORG", 1661, 1702, 1376, null), Class("PER", 1617, 1630, 1530, null)];
        return new EntityMetrics
        {
            Scheme = "IOB1",
            Mode = "conlleval",
            Sentences = 3453,
            Tokens = 46435,
            GoldEntities = 5648,
            PredictedEntities = 5660,
            CorrectEntities = 4943,
            TokenAccuracy = Wilson(45012, 46435),
            Averages = Averages(types, 5648),
            Types = types,
            Tags = tags,
            TagConfusion = confusion,
        };
    }

    public static MetricEstimate Wilson(long hits, long count)
    {
        if (count == 0)
        {
            return new MetricEstimate(null);
        }

        const double Z = 1.959963984540054;
        var p = (double)hits / count;
        var middle = (p + (Z * Z / (2 * count))) / (1 + (Z * Z / count));
        var half = Z * Math.Sqrt((p * (1 - p) / count) + (Z * Z / (4.0 * count * count))) / (1 + (Z * Z / count));
        return new MetricEstimate(p, Math.Max(0, middle - half), Math.Min(1, middle + half), "wilson");
    }

    public static MetricEstimate Around(double value, double half) => new(value, value - half, Math.Min(1, value + half), "stratified-bootstrap");

    private static ClassMetrics Class(string label, long support, long predicted, long hits, double? auc) =>
        new(label, support, predicted, hits, Wilson(hits, predicted), Wilson(hits, support), support + predicted == 0 ? new MetricEstimate(null) : Around(2.0 * hits / (support + predicted), 0.02), auc);

    private static AveragedMetrics[] Averages(ClassMetrics[] classes, long count)
    {
        AveragedMetrics Of(string name, Func<ClassMetrics, double> weight) => count == 0
            ? new AveragedMetrics(name, new MetricEstimate(null), new MetricEstimate(null), new MetricEstimate(null))
            : new AveragedMetrics(
                name,
                Around(classes.Sum(row => weight(row) * (row.Precision.Value ?? 0)), 0.012),
                Around(classes.Sum(row => weight(row) * (row.Recall.Value ?? 0)), 0.012),
                Around(classes.Sum(row => weight(row) * (row.F1.Value ?? 0)), 0.012));
        double sum = Math.Max(1, classes.Sum(row => row.Support));
        return [Of("micro", row => row.Support / sum), Of("macro", _ => 1.0 / classes.Length), Of("weighted", row => row.Support / sum)];
    }
}
