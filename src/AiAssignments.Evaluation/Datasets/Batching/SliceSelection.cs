using AiAssignments.Core.Errors;

namespace AiAssignments.Evaluation.Datasets.Batching;

/// <summary>Checks the slice columns asked for against those that a format without named columns can give.</summary>
internal static class SliceSelection
{
    /// <summary>Returns <paramref name="wanted"/> when all are in <paramref name="offered"/>.</summary>
    /// <exception cref="ProblemException"><c>dataset-column-unknown</c>.</exception>
    public static IReadOnlyList<string> Check(IReadOnlyList<string> wanted, IReadOnlyList<string> offered, string format)
    {
        foreach (var column in wanted)
        {
            if (!offered.Contains(column, StringComparer.Ordinal))
            {
                var choice = offered.Count == 0 ? "it has none" : $"it offers {string.Join(", ", offered)}";
                throw new ProblemException("dataset-column-unknown", $"The {format} format has no column '{column}' to slice by: {choice}.");
            }
        }

        return wanted;
    }
}
