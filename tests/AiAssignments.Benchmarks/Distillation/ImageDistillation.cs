using System.Diagnostics;
using System.Globalization;
using AiAssignments.Core.Datasets;
using AiAssignments.Evaluation.Metrics.Comparison;
using AiAssignments.Inference.Models;
using AiAssignments.Optimization.Distillation;
using AiAssignments.Optimization.Distillation.Students;
using AiAssignments.Optimization.Training.Networks;
using AiAssignments.Pipeline.Optimizations.Distillation;

namespace AiAssignments.Benchmarks.Distillation;

/// <summary>ResNet-56 teaches a small network on CIFAR-10; the same network learns from labels alone; both are compared on images that neither has seen.</summary>
internal static class ImageDistillation
{
    private const int TrainingFiles = 3;
    private static readonly string[] Labels = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    public static async Task RunAsync(string data, string work, IReadOnlyDictionary<string, string> knobs)
    {
        var teacherFolder = TeacherFolder(data, work);
        var files = new List<DistillationDataset>();
        for (var file = 1; file <= 5; file++)
        {
            var source = new FileDataSource(Path.Combine(data, "cifar10", $"data_batch_{file}.first1017.bin"));
            files.Add(await DistillationDataset.ReadAsync(source, source.Name, DatasetOptions.Default, CancellationToken.None));
        }

        var dataset = files[0] with { Name = "CIFAR-10 files 1 to 3", Records = [.. files.Take(TrainingFiles).SelectMany(file => file.Records)] };
        IReadOnlyList<DatasetRecord> test = [.. files.Skip(TrainingFiles).SelectMany(file => file.Records)];
        var options = new DistillationOptions
        {
            Alpha = Number(knobs, "a", 0.9),
            Temperature = Number(knobs, "T", 5),
            Epochs = (int)Number(knobs, "epochs", 24),
            Patience = (int)Number(knobs, "patience", 24),
            LearningRate = Number(knobs, "rate", 0.002),
            WeightDecay = Number(knobs, "decay", 0),
            BatchSize = (int)Number(knobs, "batch", 16),
            Seeds = [.. Enumerable.Range(1, (int)Number(knobs, "seeds", 1)).Select(seed => (ulong)seed)],
            Image = new ImageStudentOptions
            {
                Copies = (int)Number(knobs, "copies", 8),
                Dropout = Number(knobs, "dropout", 0.1),
                Stages = knobs.TryGetValue("stages", out var stages) ? [.. stages.Split(',').Select(Stage)] : [new(24), new(48), new(96, 1)],
            },
        };
        using var teacher = ModelTeacher.Open(teacherFolder);
        var teacherMeasured = await Measured.OfAsync(teacherFolder, test, Label);
        Console.WriteLine(
            $"T = {options.Temperature}, a = {options.Alpha}, {options.Epochs} epochs; {dataset.Records.Count} images to learn from, a tenth of which decides; {test.Count} images of files 4 and 5 to measure on.");
        Console.WriteLine();
        Console.WriteLine("| model | accuracy | validation accuracy | numbers | bytes | images/s of the graph, one thread | with preprocessing |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
        Row("ResNet-56 (teacher)", teacherMeasured, 1);

        // One image in so many keeps its label; labels alone then have as many steps.
        var labelled = (int)Number(knobs, "every", 1);
        var some = dataset with { Records = [.. dataset.Records.Cast<ImageRecord>().Select((record, i) => i % labelled == 0 ? record : record with { Label = null })] };
        var taught = await TeachAsync("taught", teacher, some, options, work);
        var alone = await TeachAsync("labels alone", teacher, some, options with { Alpha = 0, Epochs = options.Epochs * labelled, Patience = options.Patience * labelled }, work);
        var taughtMeasured = await Measured.OfAsync(taught.Folder, test, Label);
        var aloneMeasured = await Measured.OfAsync(alone.Folder, test, Label);
        Row("student, taught", taughtMeasured, taught.Facts.StudentAccuracy);
        Row("the same student, labels alone", aloneMeasured, alone.Facts.StudentAccuracy);
        Console.WriteLine();
        Console.WriteLine(Finding(taughtMeasured, aloneMeasured, teacherMeasured));
    }

    private static int Label(DatasetRecord record)
    {
        var label = ((ImageRecord)record).Label!;
        return int.TryParse(label, CultureInfo.InvariantCulture, out var index) ? index : Array.IndexOf(Labels, label);
    }

    private static string Finding(Measured taught, Measured alone, Measured teacher)
    {
        var pairs = new PairOutcomes();
        for (var i = 0; i < taught.Right.Length; i++)
        {
            pairs.Add(alone.Right[i], taught.Right[i]);
        }

        var difference = pairs.Difference("accuracy", 0.95);
        return $"Taught minus labels alone: {difference.Difference.Value * 100:+0.0;-0.0} points (95 % interval {difference.Difference.Lower * 100:0.0} to {difference.Difference.Upper * 100:0.0}, "
            + $"{difference.Difference.Method}), McNemar exact p = {difference.PValue:g2} (taught alone right {pairs.OnlyB}, the other alone right {pairs.OnlyA}). "
            + $"The student is {taught.GraphPerSecond / teacher.GraphPerSecond:0.0} times as fast as its teacher.";
    }

    private static async Task<DistillationResult> TeachAsync(string name, ModelTeacher teacher, DistillationDataset dataset, DistillationOptions options, string work)
    {
        var start = Stopwatch.GetTimestamp();
        var progress = new EpochLog(name);

        // Both share the teacher's answers; each has a student of its own.
        var folder = Path.Combine(work, name.Replace(' ', '-'));
        var result = await DistillationRun.RunAsync(teacher, dataset, options, work, progress);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.Move(result.Folder, folder);
        Console.Error.WriteLine(
            $"{name}: {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s, validation {result.Facts.StudentAccuracy:P1}, teacher {result.Facts.TeacherAccuracy:P1}, agreement {result.Facts.Agreement:P1}, "
            + $"seed {result.Facts.Seed}, best {string.Join(" ", result.Curves.Select(curve => $"{curve.BestEpoch}:{curve.Points[curve.BestEpoch - 1].ValidationAccuracy:P1}"))}, export {result.LargestDifference:g2}");
        return result with { Folder = folder };
    }

    private static string TeacherFolder(string data, string work)
    {
        var folder = Path.Combine(work, "resnet56");
        Directory.CreateDirectory(folder);
        var models = Path.Combine(data, "models", "resnet-cifar10");
        File.Copy(Directory.EnumerateFiles(models, "*.onnx").Single(file => Path.GetFileName(file).Contains("56", StringComparison.Ordinal)), Path.Combine(folder, "model.onnx"), overwrite: true);
        File.WriteAllText(Path.Combine(folder, ModelCardJson.FileName), ModelCardJson.Write(new()
        {
            Name = "resnet56-cifar10",
            Version = "1",
            Task = Core.Models.ModelTask.ImageClassification,
            Labels = Labels,
            Image = new(32, 32, 3, "NCHW", "RGB", 1.0 / 255, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
        }));
        return folder;
    }

    private static double Number(IReadOnlyDictionary<string, string> knobs, string name, double otherwise) =>
        knobs.TryGetValue(name, out var value) ? double.Parse(value, CultureInfo.InvariantCulture) : otherwise;

    // "96+1" is 96 filters and one residual convolution.
    private static ConvolutionStage Stage(string text)
    {
        var parts = text.Split('+');
        return new ConvolutionStage(int.Parse(parts[0], CultureInfo.InvariantCulture), parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
    }

    private static void Row(string name, Measured measured, double? validation) => Console.WriteLine(
        $"| {name} | {measured.Accuracy * 100:0.0} % | {validation * 100:0.0} % | {measured.Parameters:N0} | {measured.Bytes:N0} | {measured.GraphPerSecond:N0} | {measured.AllPerSecond:N0} |");
}
