using System.Globalization;
using System.Security.Cryptography;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Scoring;
using AiAssignments.Inference.Tokenization;
using AiAssignments.Optimization.Distillation;
using Google.Protobuf;

namespace AiAssignments.Pipeline.Optimizations.Distillation;

/// <summary>Writes a student's folder beside, holds its graph against the network, and moves it in place: it is there whole or not at all.</summary>
internal static class StudentPackage
{
    /// <summary>Outputs may differ by this much, relative to a row's largest logit (to 1 at least).</summary>
    public const double Tolerance = 1e-5;

    private const int RecordsCompared = 64;

    /// <exception cref="ProblemException"><c>distill-export-differs</c>.</exception>
    public static async Task<DistillationResult> WriteAsync<TInput>(
        string workFolder,
        IStudent<TInput> student,
        DistilledNetwork<TInput> trained,
        Func<string, ModelCard> card,
        IReadOnlyList<DatasetRecord> records,
        Action<string>? moment,
        CancellationToken cancellationToken)
    {
        var partial = Path.Combine(workFolder, "student.partial");
        var folder = Path.Combine(workFolder, "student");
        if (Directory.Exists(partial))
        {
            Directory.Delete(partial, recursive: true);
        }

        Directory.CreateDirectory(partial);
        var bytes = student.ToOnnx(trained.Network).ToByteArray();
        var written = card(Convert.ToHexStringLower(SHA256.HashData(bytes))[..12]);
        WholeFile.Write(Path.Combine(partial, "model.onnx"), stream => stream.Write(bytes));
        moment?.Invoke("graph");
        WholeFile.Write(Path.Combine(partial, ModelCardJson.FileName), stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(ModelCardJson.Write(written))));
        moment?.Invoke("card");

        var package = ModelFolder.Open(partial);
        var difference = await CompareAsync(package, student, trained, records, cancellationToken).ConfigureAwait(false);
        if (!(difference <= Tolerance))
        {
            throw new ProblemException(
                "distill-export-differs",
                string.Create(CultureInfo.InvariantCulture, $"The student's graph gives logits that differ by {difference:g3} from the trained network's; up to {Tolerance} is allowed. Nothing was kept."));
        }

        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
            moment?.Invoke("old");
        }

        Directory.Move(partial, folder);
        return new DistillationResult
        {
            Folder = folder,
            Card = written,
            Curves = trained.Curves,
            Facts = trained.Facts,
            Parameters = package.Parameters,
            SizeBytes = package.SizeBytes,
            LargestDifference = difference,
        };
    }

    private static async Task<double> CompareAsync<TInput>(
        ModelPackage package, IStudent<TInput> student, DistilledNetwork<TInput> trained, IReadOnlyList<DatasetRecord> records, CancellationToken cancellationToken)
    {
        var tokenizer = package.Card.Tokenizer is { } spec ? TokenizerLoader.Load(package.Folder, spec) : null;
        using var scorer = ModelScorer.Create(package, tokenizer, ScorerOptions.Default with { KeepLogits = true });
        int[] compared = [.. trained.Validation.Where(student.IsScoredWhole).Take(RecordsCompared)];
        if (compared.Length == 0)
        {
            throw new ProblemException("distill-nothing-to-compare", "Every validation record is longer than the student reads, so that its graph cannot be held against the network it was made of; give shorter records.");
        }

        var scored = await scorer.ScoreAsync([.. compared.Select(record => records[record])], null, cancellationToken).ConfigureAwait(false);
        var largest = 0.0;
        for (var i = 0; i < compared.Length; i++)
        {
            var input = student.Examples.Inputs[compared[i] * student.Examples.Copies];
            largest = Math.Max(largest, Difference(trained.Network.Predict(input), scored[i].Prediction?.Logits, trained.Network.Labels));
        }

        return largest;
    }

    private static double Difference(float[] network, float[]? graph, int labels)
    {
        if (graph?.Length != network.Length)
        {
            return double.PositiveInfinity;
        }

        var largest = 0.0;
        for (var row = 0; row < network.Length; row += labels)
        {
            var scale = 1.0;
            var off = 0.0;
            for (var i = row; i < row + labels; i++)
            {
                scale = Math.Max(scale, Math.Abs(network[i]));
                off = Math.Max(off, Math.Abs((double)network[i] - graph[i]));
            }

            largest = Math.Max(largest, off / scale);
        }

        return largest;
    }
}
