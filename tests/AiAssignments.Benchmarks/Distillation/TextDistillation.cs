using System.Globalization;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Models;
using AiAssignments.Evaluation.Metrics.Comparison;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Tokenization;
using AiAssignments.Inference.Tokenization.Hashing;
using AiAssignments.Optimization.Distillation;
using AiAssignments.Optimization.Distillation.Students;
using AiAssignments.Optimization.Training;
using AiAssignments.Optimization.Training.Export;
using AiAssignments.Optimization.Training.Networks;
using AiAssignments.Pipeline.Optimizations.Distillation;
using Google.Protobuf;

namespace AiAssignments.Benchmarks.Distillation;

/// <summary>A large hashed n-gram network, trained here, teaches a small one on AG News.</summary>
internal static class TextDistillation
{
    private const int MaxLength = 1024;
    private static readonly string[] Labels = ["World", "Sports", "Business", "Sci/Tech"];
    private static readonly HashedNGramOptions Hashing = new(1 << 17, WordNGrams: 2, CharNGramMin: 3, CharNGramMax: 5);

    public static async Task RunAsync(string data, string work, IReadOnlyDictionary<string, string> knobs)
    {
        var source = new FileDataSource(Path.Combine(data, "agnews", "train_subset.csv"));
        var all = await DistillationDataset.ReadAsync(source, source.Name, DatasetOptions.Default, CancellationToken.None);
        var dataset = all with { Name = "AG News, four fifths of the subset", Records = [.. all.Records.Where((_, i) => i % 5 != 4)] };
        List<DatasetRecord> test = [.. all.Records.Where((_, i) => i % 5 == 4)];
        var teacherFolder = TrainTeacher(dataset.Records, Path.Combine(work, "teacher-model"));
        var options = new DistillationOptions
        {
            Epochs = 20,
            Patience = 4,
            LearningRate = 0.004,
            Text = new TextStudentOptions
            {
                Buckets = (int)Number(knobs, "buckets", 1 << 14),
                Dimensions = (int)Number(knobs, "dimensions", 16),
            },
        };
        using var teacher = ModelTeacher.Open(teacherFolder);
        var taught = await TeachAsync("taught", teacher, dataset, options, work);
        var alone = await TeachAsync("labels-alone", teacher, dataset, options with { Alpha = 0 }, work);
        var teacherMeasured = await Measured.OfAsync(teacherFolder, test, Label);
        var taughtMeasured = await Measured.OfAsync(taught, test, Label);
        var aloneMeasured = await Measured.OfAsync(alone, test, Label);
        Console.WriteLine($"{dataset.Records.Count} texts for both to learn from, {test.Count} to measure on.");
        Console.WriteLine();
        Console.WriteLine("| model | accuracy | numbers | bytes | texts/s of the graph, one thread | with tokenization |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
        Row("teacher", teacherMeasured);
        Row("student, taught", taughtMeasured);
        Row("the same student, labels alone", aloneMeasured);
        var pairs = new PairOutcomes();
        for (var i = 0; i < test.Count; i++)
        {
            pairs.Add(aloneMeasured.Right[i], taughtMeasured.Right[i]);
        }

        Console.WriteLine();
        Console.WriteLine(
            $"The student keeps {taughtMeasured.Accuracy / teacherMeasured.Accuracy * 100:0.0} % of its teacher's accuracy at 1/{teacherMeasured.Bytes / (double)taughtMeasured.Bytes:0} of its size, "
            + $"{taughtMeasured.GraphPerSecond / teacherMeasured.GraphPerSecond:0.0} times as fast in the graph and {taughtMeasured.AllPerSecond / teacherMeasured.AllPerSecond:0.0} times with tokenization. "
            + $"Taught against labels alone: McNemar exact p = {pairs.Difference("accuracy", 0.95).PValue:g2}.");
    }

    private static int Label(DatasetRecord record) => int.Parse(((TextRecord)record).Label!, CultureInfo.InvariantCulture) - 1;

    private static string TrainTeacher(IReadOnlyList<DatasetRecord> records, string folder)
    {
        if (Directory.Exists(folder))
        {
            return folder;
        }

        var tokenizer = new HashedNGramTokenizer(Hashing);
        var encoding = new Encoding();
        int[][] inputs = [.. records.Cast<TextRecord>().Select(record =>
        {
            tokenizer.Encode(record.Text, default, hasPair: false, MaxLength, encoding);
            return encoding.Ids.ToArray();
        })];
        var network = TextNetwork.Create(new TextNetworkOptions(Hashing.Buckets, 64, 128, Labels.Length, IdDropout: 0.5f, Dropout: 0.5f), 1);
        int[] all = [.. Enumerable.Range(0, inputs.Length)];
        var best = new Trainer<int[]>(network, new TrainingOptions { Epochs = 10, LearningRate = 0.003 }).Train(
            inputs, new CrossEntropyLoss(records.Select(Label)), [.. all.Where(i => i % 10 != 9)], [.. all.Where(i => i % 10 == 9)]);
        Console.Error.WriteLine($"teacher: {best}");
        Directory.CreateDirectory(folder + ".new");
        File.WriteAllBytes(Path.Combine(folder + ".new", "model.onnx"), network.ToOnnx().ToByteArray());
        File.WriteAllText(Path.Combine(folder + ".new", ModelCardJson.FileName), ModelCardJson.Write(new()
        {
            Name = "topic-large",
            Version = "1",
            Task = ModelTask.TextClassification,
            Labels = Labels,
            Tokenizer = new("hashed-ngrams", MaxLength, HashedNGrams: Hashing),
        }));
        Directory.Move(folder + ".new", folder);
        return folder;
    }

    private static async Task<string> TeachAsync(string name, ModelTeacher teacher, DistillationDataset dataset, DistillationOptions options, string work)
    {
        var result = await DistillationRun.RunAsync(teacher, dataset, options, work, new EpochLog(name));
        var folder = Path.Combine(work, name);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.Move(result.Folder, folder);
        Console.Error.WriteLine($"{name}: validation {result.Facts.StudentAccuracy:P1}, agreement {result.Facts.Agreement:P1}, export {result.LargestDifference:g2}");
        return folder;
    }

    private static double Number(IReadOnlyDictionary<string, string> knobs, string name, double otherwise) =>
        knobs.TryGetValue(name, out var value) ? double.Parse(value, CultureInfo.InvariantCulture) : otherwise;

    private static void Row(string name, Measured measured) => Console.WriteLine(
        $"| {name} | {measured.Accuracy * 100:0.0} % | {measured.Parameters:N0} | {measured.Bytes:N0} | {measured.GraphPerSecond:N0} | {measured.AllPerSecond:N0} |");
}
