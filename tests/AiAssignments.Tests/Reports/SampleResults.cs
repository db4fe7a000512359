using AiAssignments.Core.Datasets;
using AiAssignments.Core.Evaluations;
using AiAssignments.Core.Models;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Tests.Reports;

/// <summary>Evaluation results as the pipeline makes them, of every shape a report must cope with.</summary>
internal static class SampleResults
{
    /// <summary>A smallest valid PNG: one transparent pixel.</summary>
    public static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private static readonly DateTimeOffset Start = new(2026, 3, 1, 9, 30, 0, TimeSpan.Zero);

    public static EvaluationResult Sentiment() => Base("sst2-ngrams", "text-classification", "sst2-validation.tsv") with
    {
        Options = new EvaluationOptions { AbstainBelow = 0.6, Dataset = new DatasetOptions { Task = ModelTask.TextClassification, SliceColumns = ["source"], LabelMap = new Dictionary<string, string> { ["1"] = "positive", ["0"] = "negative" } } },
        Counts = new RecordCounts(2007, 2000, 5, 2, 31),
        Classification = SampleMetrics.Classification(["negative", "positive"], 2000, 0.97, 11),
        Slices = Slices(),
        Mistakes =
        [
            Mistake(412, "line 413", "a film that will be best appreciated by those willing to endure its extremely languorous rhythms", "positive", "negative", 0.9987),
            Mistake(77, "line 78", "one of the best films of the year with its exploration of the obstacles to happiness faced by five contemporary individuals, and not one minute too short", "negative", "positive", 0.9971),
            Mistake(1302, "line 1303", "ہم نے یہ فلم دیکھی — 最高の映画でした 🎬", "positive", "negative", 0.9902),
            Mistake(9, "line 10", "it's not that bad", "positive", "negative", 0.9811),
        ],
        BadRecords =
        [
            new RecordError(new RecordPosition(17, 2210, 18), "csv-ragged-row", "The row has 3 fields where the header has 2; quote fields that contain the delimiter."),
            new RecordError(new RecordPosition(903, 99_121, 904), "label-unknown", "The label '2' is none of the model's (negative, positive); give a label map."),
        ],
        Notes = ["31 texts were cut to the model's longest input of 512 tokens."],
    };

    public static EvaluationResult Images() => Base("fashion-cnn", "image-classification", "fashion-mnist-test.zip") with
    {
        Counts = new RecordCounts(10_000, 10_000, 0, 0, 0),
        Classification = SampleMetrics.Classification(["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"], 10_000, 0.95, 5),
        Mistakes = [.. Enumerable.Range(0, 12).Select(i => Mistake(i * 31, $"record {i * 31} (entry Shirt/{i:D5}.png)", $"Shirt/{i:D5}.png", "Shirt", "T-shirt/top", 0.999 - (i * 0.003)) with { Thumbnail = Png })],
    };

    public static EvaluationResult ManyClasses() => Base("intents", "text-classification", "banking.jsonl") with
    {
        Counts = new RecordCounts(6000, 6000, 0, 0, 0),
        Classification = SampleMetrics.Classification([.. Enumerable.Range(0, 60).Select(i => $"intent_{i:D2}_{(i % 7 == 0 ? "a_rather_long_name_of_an_intent" : "short")}")], 6000, 0.9, 3),
    };

    public static EvaluationResult TwentyFive() => Base("letters", "image-classification", "letters.zip") with
    {
        Counts = new RecordCounts(5000, 5000, 0, 0, 0),
        Classification = SampleMetrics.Classification([.. Enumerable.Range(0, 25).Select(i => ((char)('A' + i)).ToString())], 5000, 0.93, 4),
    };

    public static EvaluationResult Entities() => Base("conll-tagger", "token-classification", "eng.testb") with
    {
        Counts = new RecordCounts(3453, 3453, 0, 0, 12),
        Entities = SampleMetrics.Entities(9),
        Slices = [new SliceMetrics("length", "1–8", 6221, SampleMetrics.Wilson(6001, 6221)), new SliceMetrics("length", "9–16", 9021, SampleMetrics.Wilson(8801, 9021)), new SliceMetrics("length", "17–32", 20_001, SampleMetrics.Wilson(19_002, 20_001))],
        Mistakes = [Mistake(3, "line 28", "Cuttitta announced his retirement after the 1995 World Cup", "World/B-MISC Cup/I-MISC", "World/O Cup/O", 0.912)],
    };

    /// <summary>A class that is never predicted, one that never occurs: precision, recall and F1 of 0/0.</summary>
    public static EvaluationResult Undefined() => Base("tiny", "text-classification", "tiny.csv") with
    {
        Counts = new RecordCounts(12, 12, 0, 0, 0),
        Classification = SampleMetrics.Classification(["a", "b", "c"], 12, 0.8, 1, neverPredictLast: true) with { Mcc = new MetricEstimate(null), RocAuc = null },
    };

    /// <summary>No labels, no latency, no slices: everything that can be empty is.</summary>
    public static EvaluationResult Empty() => Base("m", "text-classification", "unlabelled.txt") with
    {
        Counts = new RecordCounts(3, 0, 0, 3, 0),
        Classification = SampleMetrics.Classification(["a", "b"], 0, 1, 1) with { Abstention = null, Calibration = [] },
        Performance = new PerformanceSummary(new LatencySummary("batch", 0, 0, 0, 0, 0, 0, []), 0, 0, 0, 0, []),
    };

    public static EvaluationResult Nothing() => Base("m", "text-classification", "x.csv");

    public static ComparisonResult Comparison() => new()
    {
        A = Sentiment(),
        B = Sentiment() with { Model = Model("sst2-distilled", "text-classification"), Classification = SampleMetrics.Classification(["negative", "positive"], 2000, 0.985, 12) },
        Paired = 2000,
        BothRight = 1790,
        OnlyA = 44,
        OnlyB = 81,
        BothWrong = 85,
        Differences =
        [
            new PairedDifference("accuracy", 0.917, 0.9355, new MetricEstimate(0.0185, 0.0077, 0.0293, "bootstrap"), 0.00117, "mcnemar-mid-p"),
            new PairedDifference("macro F1", 0.9168, 0.9353, new MetricEstimate(0.0185, 0.0073, 0.0297, "stratified-bootstrap"), 0.0004, "paired-bootstrap"),
        ],
        Verdict = "B is better: it is right on 1.9 points more of the records, and a difference this large would come by chance in 1 of 850 repetitions.",
    };

    /// <summary>Every string that a stranger chooses is an attack.</summary>
    public static EvaluationResult Hostile()
    {
        const string Evil = HostileText.Everything;
        var source = Sentiment();
        return source with
        {
            EvaluationId = Evil,
            Model = new ModelFacts(Evil, Evil, Evil, Evil, 1, 1, Evil),
            Dataset = new DatasetFacts(Evil, Evil, 1, Evil, Evil),
            Machine = new MachineFacts(Evil, 1, Evil, 1, Evil, Evil, Evil, Evil, Evil, Evil),
            Options = source.Options with { TagScheme = Evil, EntityMode = Evil, Dataset = new DatasetOptions { Format = Evil, InputColumn = Evil, LabelMap = new Dictionary<string, string> { [Evil] = Evil } } },
            Classification = SampleMetrics.Classification([Evil, HostileText.Long], 2000, 0.9, 2),
            Entities = SampleMetrics.Entities(1) with { Scheme = Evil, Mode = Evil, Types = [new ClassMetrics(Evil, 1, 1, 1, new(1), new(1), new(1))], Tags = [Evil, "O"], TagConfusion = [[1, 2], [3, 4]] },
            Slices = [new SliceMetrics(Evil, Evil, 10, SampleMetrics.Wilson(5, 10)), new SliceMetrics(Evil, HostileText.Long, 10, SampleMetrics.Wilson(5, 10))],
            Mistakes = [Mistake(1, Evil, Evil, Evil, Evil, 0.9), Mistake(2, Evil, HostileText.Long, Evil, Evil, 0.9) with { Thumbnail = "<svg onload=alert(1)>"u8.ToArray() }],
            BadRecords = [new RecordError(new RecordPosition(1, 2, 3, Evil), Evil, Evil)],
            Notes = [Evil],
            Performance = source.Performance with { Batches = source.Performance.Batches with { Unit = Evil } },
        };
    }

    private static EvaluationResult Base(string model, string task, string dataset) => new()
    {
        EvaluationId = "ev-6f1d0c1b7a2e4e0d9b1c",
        Model = Model(model, task),
        Dataset = new DatasetFacts(dataset, "xxh128:99aa06d3014798d86001c324468d497f", 1_244_812, "tsv (SST-2)", "name"),
        Options = EvaluationOptions.Default,
        Machine = new MachineFacts("AMD EPYC 7B13", 2, "AVX2, FMA", 8_000_000_000, "Debian GNU/Linux 12", "10.0.4", "1.31.1", "CPU", "on (glibc.malloc.hugetlb=1)", "0.1.0"),
        StartedAt = Start,
        FinishedAt = Start.AddSeconds(9.4),
        Counts = new RecordCounts(0, 0, 0, 0, 0),
        Performance = Performance(),
    };

    private static ModelFacts Model(string name, string task) =>
        new(name, "1.2.0", task, "xxh128:0cc175b9c0f1b6a831c399e269772661", 4_812_330, 1_180_000, "Hashed word and character n-grams; trained on SST-2.");

    private static Mistake Mistake(long record, string where, string excerpt, string truth, string predicted, double confidence) =>
        new(record, where, excerpt, truth, predicted, confidence);

    private static SliceMetrics[] Slices() =>
    [
        new("source", "imdb", 802, SampleMetrics.Wilson(760, 802)),
        new("source", "rotten tomatoes", 1102, SampleMetrics.Wilson(1001, 1102)),
        new("source", "letters to the editor", 96, SampleMetrics.Wilson(78, 96)),
        new("length", "1–32", 402, SampleMetrics.Wilson(352, 402)),
        new("length", "33–64", 611, SampleMetrics.Wilson(566, 611)),
        new("length", "65–128", 771, SampleMetrics.Wilson(722, 771)),
        new("length", "129–256", 216, SampleMetrics.Wilson(199, 216)),
        new("length", "257–512", 0, new MetricEstimate(null)),
    ];

    private static PerformanceSummary Performance()
    {
        var random = new Random(6);
        var samples = Enumerable.Range(0, 400).Select(_ => 18 * Math.Exp((random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 0.9)).Append(141.2).Append(240).Order().ToArray();
        double At(double share) => samples[(int)(share * (samples.Length - 1))];
        var buckets = samples.GroupBy(value => Math.Ceiling(value * 2) / 2).Select(group => new LatencyBucket(group.Key, group.Count())).ToArray();
        var points = Enumerable.Range(0, 24).Select(i => new ThroughputPoint(Start.AddSeconds((i + 1) * 0.38), i, 83, 83 / (i == 0 ? 120 : 205 + random.Next(40)))).ToArray();
        points = [.. points.Select((point, i) => point with { Seconds = 83.0 / (i == 0 ? 120 : 205 + random.Next(40)) })];
        return new PerformanceSummary(new LatencySummary("batch", samples.Length, At(0.5), At(0.9), At(0.95), At(0.99), samples[^1], buckets), 221.4, 9.03, 148_201_472, 84_120_000, points);
    }
}
