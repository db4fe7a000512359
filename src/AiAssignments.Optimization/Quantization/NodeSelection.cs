using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;

namespace AiAssignments.Optimization.Quantization;

/// <summary>
/// Which nodes a pass may touch. Names are exact or patterns with <c>*</c> (any text) and <c>?</c> (one character), compared with the node's label: its name, or
/// <c>OPERATOR:OUTPUT</c> where it has none. Exclusion wins.
/// </summary>
public sealed record NodeSelection
{
    /// <summary>All nodes.</summary>
    public static NodeSelection All { get; } = new();

    /// <summary>Only these nodes; empty for all.</summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>Not these nodes.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Only nodes of these operators; empty for all that the pass knows.</summary>
    public IReadOnlyList<string> Operators { get; init; } = [];

    /// <summary>Not nodes of these operators.</summary>
    public IReadOnlyList<string> ExcludeOperators { get; init; } = [];

    /// <summary>Whether a node is selected.</summary>
    /// <param name="node">The node.</param>
    public bool Takes(NodeProto node)
    {
        ArgumentNullException.ThrowIfNull(node);
        var label = node.Label();
        return (Include.Count == 0 || Include.Any(pattern => Matches(pattern, label)))
            && !Exclude.Any(pattern => Matches(pattern, label))
            && (Operators.Count == 0 || Operators.Contains(node.OpType))
            && !ExcludeOperators.Contains(node.OpType);
    }

    /// <summary>The same selection without these nodes as well.</summary>
    /// <param name="labels">Labels, as in <see cref="Sensitivity.LayerSensitivity.Label"/>.</param>
    public NodeSelection Without(params IEnumerable<string> labels) => this with { Exclude = [.. Exclude, .. labels] };

    /// <summary>Patterns that no node of the graph fits, which are likely misspelt.</summary>
    /// <param name="labels">Labels of all nodes.</param>
    internal IEnumerable<string> Unused(IReadOnlyCollection<string> labels) =>
        Include.Concat(Exclude).Where(pattern => !labels.Any(label => Matches(pattern, label)));

    // Linear: on a mismatch only the last * takes one more character.
    internal static bool Matches(string pattern, string text)
    {
        if (pattern == text)
        {
            return true;
        }

        var (p, t, star, resume) = (0, 0, -1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, resume) = (p++, t);
            }
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == text[t]))
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++resume;
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).TrimStart('*').IsEmpty;
    }
}
