using AiAssignments.Core.Datasets;
using AiAssignments.Core.Models;
using AiAssignments.Optimization.Distillation;
using AiAssignments.Optimization.Distillation.Students;
using AiAssignments.Optimization.Training.Numerics;
using AiAssignments.Pipeline.Optimizations.Distillation;

namespace AiAssignments.Tests.Distillation;

/// <summary>Texts of made-up words: each has a weight, and a text's label is the sign of their sum. The teacher knows the weights.</summary>
internal static class TextTask
{
    private const int Vocabulary = 150;
    private const int Words = 10;

    public static readonly string[] Labels = ["low", "high"];

    private static readonly float[] Weights = MakeWeights();

    public static FunctionTeacher Teacher(string[]? labels = null) =>
        new(ModelTask.TextClassification, labels ?? Labels, record => Logits((TextRecord)record, labels ?? Labels));

    /// <summary>Small and quick.</summary>
    public static DistillationOptions Options { get; } = new()
    {
        Epochs = 4,
        LearningRate = 0.02,
        BatchSize = 32,
        Text = new TextStudentOptions { Buckets = 1024, WordNGrams = 1, Dimensions = 8, Hidden = 0, IdDropout = 0, Dropout = 0 },
    };

    public static DistillationDataset Dataset(int count, ulong seed, double labelledShare = 1, double wrongShare = 0)
    {
        var random = new SeededRandom(seed);
        var records = new List<DatasetRecord>();
        for (var i = 0; i < count; i++)
        {
            var text = string.Join(' ', Enumerable.Range(0, Words).Select(_ => $"w{random.NextInt(Vocabulary)}"));
            var label = Sum(text) > 0 ? 1 : 0;
            label = random.NextSingle() < wrongShare ? 1 - label : label;
            records.Add(new TextRecord(new(i, i * 100L, i + 1), text, null, random.NextSingle() < labelledShare ? Labels[label] : null, []));
        }

        return new DistillationDataset { Name = "made-up.jsonl", ContentHash = $"made-up-{count}-{seed}", Task = ModelTask.TextClassification, Records = records };
    }

    private static float Sum(string text) => text.Split(' ').Sum(word => Weights[int.Parse(word.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture)]);

    private static float[] Logits(TextRecord record, string[] labels)
    {
        var sum = Sum(record.Text);
        return [.. labels.Select(label => label == "high" ? sum : -sum)];
    }

    private static float[] MakeWeights()
    {
        var random = new SeededRandom(77);
        return [.. Enumerable.Range(0, Vocabulary).Select(_ => random.NextUniform(1.5f))];
    }
}
