using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;

namespace AiAssignments.Pipeline.Samples;

/// <summary>The index of each spelling that a training set uses for a label.</summary>
internal sealed class LabelIndex(params (string Spelling, int Index)[] spellings)
{
    private readonly Dictionary<string, int> indices = spellings.ToDictionary(pair => pair.Spelling, pair => pair.Index, StringComparer.OrdinalIgnoreCase);

    /// <exception cref="ProblemException"><c>samples-label-unknown</c>.</exception>
    public int this[TextRecord record] => record.Label is { } label && indices.TryGetValue(label.Trim(), out var index)
        ? index
        : throw new ProblemException(
            "samples-label-unknown", $"The label '{record.Label}' is none of {string.Join(", ", indices.Keys)}.", record.Position.ToString());
}
