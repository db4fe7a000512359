using System.Globalization;

namespace AiAssignments.Optimization.Passes;

/// <summary>Facts and notes of a pass while it runs.</summary>
public sealed class PassReport
{
    private const int MostNamed = 20;
    private readonly List<PassFact> facts = [];
    private readonly List<string> notes = [];
    private readonly List<(string Why, string Node)> left = [];

    /// <summary>Adds a fact.</summary>
    /// <param name="fact">The fact.</param>
    public void Fact(PassFact fact) => facts.Add(fact);

    /// <summary>Adds a sentence.</summary>
    /// <param name="note">The sentence.</param>
    public void Note(string note) => notes.Add(note);

    /// <summary>Says that a node was left as it is.</summary>
    /// <param name="node">The node's label.</param>
    /// <param name="why">The reason, as the end of a sentence, for example <c>its weight is not constant</c>.</param>
    public void Left(string node, string why) => left.Add((why, node));

    /// <summary>Nodes left as they are.</summary>
    public int LeftCount => left.Count;

    /// <summary>Why nodes were left, most frequent reason first, in one sentence; empty when none was.</summary>
    public string Reasons() =>
        string.Join("; ", left.GroupBy(item => item.Why).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Count()} because {group.Key}")));

    /// <summary>What was reported; nodes left come as one note for each reason, with at most 20 names.</summary>
    public PassResult Result()
    {
        var reasons = left.GroupBy(item => item.Why).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group =>
        {
            var names = group.Select(item => item.Node).ToList();
            var more = names.Count > MostNamed ? string.Create(CultureInfo.InvariantCulture, $" and {names.Count - MostNamed} more") : string.Empty;
            return $"Left as it is because {group.Key}: {string.Join(", ", names.Take(MostNamed))}{more}.";
        });
        return new PassResult([.. facts], [.. notes, .. reasons]);
    }
}
