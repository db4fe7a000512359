using System.Globalization;
using AiAssignments.Evaluation.Results;
using AiAssignments.Inference.Models;
using AiAssignments.Optimization.Distillation;
using AiAssignments.Optimization.Passes;
using AiAssignments.Pipeline.Datasets;
using AiAssignments.Pipeline.Optimizations.Distillation;

namespace AiAssignments.Pipeline.Optimizations.Passes;

/// <summary>Teaches a student, which becomes another version of the teacher's name. What it has learned so far is kept between runs of the same optimization.</summary>
internal sealed class DistillModelPass(DistillSpec spec, OptimizationRequest request, Ingestion datasets, string workFolder) : IModelPass
{
    public string Name => "distill";

    public async Task<ModelPassResult> RunAsync(ModelPackage source, PassTarget version, string folder, IProgress<PassProgress> progress, CancellationToken cancellationToken)
    {
        var registered = await datasets.GetAsync(spec.DatasetId, cancellationToken).ConfigureAwait(false);
        var bytes = await datasets.OpenAsync(registered, cancellationToken).ConfigureAwait(false);
        progress.Report(new PassProgress("read records", 0, 0));
        var recognition = request.Options.Dataset with { Task = request.Options.Dataset.Task ?? source.Card.Task };
        var dataset = await DistillationDataset.ReadAsync(bytes, registered.ContentHash, recognition, cancellationToken).ConfigureAwait(false);
        using var teacher = ModelTeacher.Open(source.Folder);
        var result = await DistillationRun.RunAsync(
            teacher, dataset, spec.Options(source.Card.Name, version.GateDataset, source.Card.Task), workFolder, new Told(progress), cancellationToken).ConfigureAwait(false);
        File.Copy(Path.Combine(result.Folder, "model.onnx"), Path.Combine(folder, "model.onnx"));

        // The student has the teacher's name, so that the name can stand for it, and the version that was asked for, which is the same however often it is made.
        var card = result.Card with { Version = version.Version, Lineage = version.LineageOf(result.Card.Lineage!.Pass) };
        await File.WriteAllTextAsync(Path.Combine(folder, ModelCardJson.FileName), ModelCardJson.Write(card), cancellationToken).ConfigureAwait(false);
        return new([.. Facts(result)], [.. Notes(result, dataset, spec)], [.. Learning(result)]);
    }

    private static IEnumerable<OptimizationFact> Facts(DistillationResult result)
    {
        var facts = result.Facts;
        yield return Count("training-records", facts.TrainingRecords, "records");
        yield return Count("unlabelled-records", facts.UnlabelledRecords, "records");
        yield return Count("validation-records", facts.ValidationRecords, "records");
        yield return Count("records-left-out", facts.SkippedRecords, "records");
        yield return Count("student-weights", result.Parameters, "weights");
        yield return new("seed-kept", facts.Seed.ToString(CultureInfo.InvariantCulture), string.Empty);
        foreach (var (name, value) in new[] { ("validation-accuracy-student", facts.StudentAccuracy), ("validation-accuracy-teacher", facts.TeacherAccuracy), ("validation-agreement", facts.Agreement) })
        {
            if (value is { } share)
            {
                yield return new(name, (share * 100).ToString("F2", CultureInfo.InvariantCulture), "%");
            }
        }

        yield return new("graph-beside-network", result.LargestDifference.ToString("0.0E+0", CultureInfo.InvariantCulture), "largest relative difference");

        static OptimizationFact Count(string name, long value, string unit) => new(name, value.ToString(CultureInfo.InvariantCulture), unit);
    }

    private static IEnumerable<string> Notes(DistillationResult result, DistillationDataset dataset, DistillSpec spec)
    {
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"The student learned from {dataset.Name}: {spec.Alpha} of the loss is the teacher's answers softened by T = {spec.Temperature}, the rest the labels'. Validation records chose epoch and seed; records of the same content are never apart in training and validation.");
        foreach (var curve in result.Curves)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"Seed {curve.Seed}: {curve.Points.Count} epochs, the weights of epoch {curve.BestEpoch} were kept{(curve.Seed == result.Facts.Seed ? "; this is the student" : string.Empty)}.");
        }

        if (dataset.BadRecords > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{dataset.BadRecords:N0} records of it could not be read.");
        }
    }

    private static IEnumerable<LearningPoint> Learning(DistillationResult result) =>
        from curve in result.Curves
        from point in curve.Points
        select new LearningPoint((int)curve.Seed, point.Epoch, point.TrainingLoss, point.ValidationAccuracy);

    private sealed class Told(IProgress<PassProgress> progress) : IProgress<DistillationProgress>
    {
        public void Report(DistillationProgress value) => progress.Report(value.Phase switch
        {
            "teacher" => new PassProgress("ask the teacher", value.Answered ?? 0, value.ToAnswer ?? 0),
            "training" => new PassProgress("train", (long)(value.Share * 1000), 1000),
            _ => new PassProgress("write the student", 0, 0),
        });
    }
}
