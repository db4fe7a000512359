using System.Globalization;
using AiAssignments.Core.Errors;

namespace AiAssignments.Inference.Serving.Versions;

/// <summary>Why a version does not answer.</summary>
internal static class TableProblems
{
    public static ProblemException NotFound(string name, string? version) =>
        new("model-not-found", version is null ? $"There is no model '{Shown(name)}'." : $"There is no version '{Shown(version)}' of a model '{Shown(name)}'.");

    public static ProblemException Unloaded(string what) => new("model-unloaded", $"{what} was unloaded; load it to have it answer again.");

    public static ProblemException Draining(ModelKey key) => new("model-draining", $"{key} is being unloaded and takes nothing more.");

    public static ProblemException TooLarge(ModelKey key, long bytes, long budget) => new(
        "model-too-large",
        string.Create(CultureInfo.InvariantCulture, $"{key} takes some {bytes >> 20} MiB, and all models together have {budget >> 20} MiB; raise the memory budget (MemoryBytes)."));

    public static ProblemException NoRoom(ModelKey key, long bytes, long budget, long used) => new(
        "model-memory-full",
        string.Create(CultureInfo.InvariantCulture, $"{key} takes some {bytes >> 20} MiB; {used >> 20} of {budget >> 20} MiB are taken by models that answer requests. Try again, unload one, or raise the memory budget (MemoryBytes)."))
    {
        RetryAfter = TimeSpan.FromSeconds(5),
    };

    /// <summary>Why a load failed, without this machine's paths: callers see it.</summary>
    public static ProblemException OfLoad(ModelKey key, Exception failed, string? folder)
    {
        var problem = (failed as ProblemException)?.Problem ?? new Problem("model-load-failed", $"{key} could not be loaded: {failed.Message}");
        return new(problem with { Where = null, Message = folder is null ? problem.Message : problem.Message.Replace(folder, key.ToString(), StringComparison.Ordinal) }, failed)
        {
            RetryAfter = (failed as ProblemException)?.RetryAfter,
        };
    }

    private static string Shown(string name) => name.Length > 64 ? string.Concat(name.AsSpan(0, 64), "…") : name;
}
