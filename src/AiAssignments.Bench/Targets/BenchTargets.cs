using System.Globalization;
using System.Text.Json;
using AiAssignments.Core.Errors;

namespace AiAssignments.Bench.Targets;

/// <summary>
/// What is wished for, by figure. The defaults are those of a machine that is sized for them: on a smaller one the ratio is what counts.
/// A file is a JSON object of ids and numbers, for example <c>{"gateway.p99": 25, "upload.p99": null}</c>: a number replaces a default or adds a target, <c>null</c> takes a default away.
/// </summary>
public static class BenchTargets
{
    /// <summary>Largest file that is read, bytes.</summary>
    public const long LargestFile = 1L << 20;

    /// <summary>Milliseconds for times, requests or evaluations a second, users, megabytes (10⁶ bytes) a second.</summary>
    public static IReadOnlyDictionary<string, double> Defaults { get; } = new SortedDictionary<string, double>(StringComparer.Ordinal)
    {
        ["gateway.average"] = 5,
        ["gateway.p95"] = 15,
        ["gateway.p99"] = 25,
        ["gateway.requests-per-second"] = 10_000,
        ["gateway.users"] = 5_000,
        ["inference.average"] = 120,
        ["inference.p95"] = 200,
        ["inference.p99"] = 300,
        ["inference.requests-per-second"] = 1_000,
        ["inference.users"] = 500,
        ["inference-distilbert.average"] = 120,
        ["inference-distilbert.p95"] = 200,
        ["inference-distilbert.p99"] = 300,
        ["inference-distilbert.requests-per-second"] = 1_000,
        ["inference-distilbert.users"] = 500,
        ["store.average"] = 10,
        ["store.p95"] = 30,
        ["store.p99"] = 50,
        ["upload.average"] = 500,
        ["upload.p95"] = 1_000,
        ["upload.p99"] = 2_000,
        ["upload.requests-per-second"] = 50,
        ["upload.users"] = 25,
        ["upload.megabytes-per-second"] = 200,
        ["websocket.average"] = 2,
        ["websocket.p95"] = 5,
        ["websocket.p99"] = 10,
        ["evaluation.requests-per-second"] = 100,
        ["evaluation.users"] = 50,
        ["evaluation.megabytes-per-second"] = 50,
        ["shape.bert-base.batch-1.average"] = 25,
        ["shape.bert-base.batch-8.average"] = 85,
        ["shape.bert-base.batch-16.average"] = 150,
        ["shape.distilbert.batch-1.average"] = 12,
        ["shape.distilbert.batch-8.average"] = 45,
    };

    /// <summary>The defaults as a file changes them.</summary>
    /// <param name="path">The file; <c>null</c>: the defaults.</param>
    /// <exception cref="ProblemException"><c>targets-not-found</c>, <c>targets-invalid</c>.</exception>
    public static IReadOnlyDictionary<string, double> Read(string? path)
    {
        if (path is null)
        {
            return Defaults;
        }

        var file = new FileInfo(path);
        if (!file.Exists)
        {
            throw new ProblemException("targets-not-found", "There is no such file.", path);
        }

        return file.Length <= LargestFile
            ? Parse(File.ReadAllBytes(path), path)
            : throw new ProblemException("targets-invalid", $"The file is larger than {LargestFile >> 20} MiB.", path);
    }

    /// <summary>The defaults as a document changes them.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="name">What it is called, for messages.</param>
    /// <exception cref="ProblemException"><c>targets-invalid</c>.</exception>
    public static IReadOnlyDictionary<string, double> Parse(ReadOnlyMemory<byte> json, string name)
    {
        var targets = new SortedDictionary<string, double>(Defaults.ToDictionary(), StringComparer.Ordinal);
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 4 });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw Invalid("The file must be a JSON object of figures and numbers, for example {\"gateway.p99\": 25}.", name);
            }

            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.Name.Length is 0 or > 200)
                {
                    throw Invalid("A figure's id has 1 to 200 characters.", name);
                }

                Set(targets, property, name);
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new ProblemException(new Problem("targets-invalid", "The file is no JSON object of figures and numbers, for example {\"gateway.p99\": 25}.", name), error);
        }

        return targets;
    }

    private static void Set(SortedDictionary<string, double> targets, JsonProperty property, string name)
    {
        if (property.Value.ValueKind == JsonValueKind.Null)
        {
            targets.Remove(property.Name);
            return;
        }

        targets[property.Name] = property.Value.ValueKind == JsonValueKind.Number && property.Value.GetDouble() is var target && target > 0 && double.IsFinite(target)
            ? target
            : throw Invalid(string.Create(CultureInfo.InvariantCulture, $"The target of '{property.Name}' must be a number above 0, or null for none."), name);
    }

    private static ProblemException Invalid(string message, string name) => new("targets-invalid", message, name);
}
