namespace AiAssignments.Bench.Table;

/// <summary>Takes what the rounds measure, and makes the rows of a table of it. Not thread-safe.</summary>
internal sealed class BenchCollector
{
    private readonly Dictionary<string, Measured> rows = new(StringComparer.Ordinal);
    private readonly List<string> order = [];

    /// <summary>Things to be told once.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Steps that could not be measured to their end.</summary>
    public List<string> Failed { get; } = [];

    /// <summary>Services for which the load generator was the bottleneck, in one run or more.</summary>
    public SortedSet<string> Bottlenecks { get; } = new(StringComparer.Ordinal);

    /// <summary>Loads of response times, by the service's id.</summary>
    public Dictionary<string, BenchLoad> Loads { get; } = new(StringComparer.Ordinal);

    public bool IsEmpty => order.Count == 0;

    public void Add(BenchFigure figure, double value, BenchConditions? conditions = null)
    {
        // A figure of nothing (no answer at all) is none.
        if (!double.IsFinite(value) || value < 0)
        {
            return;
        }

        conditions ??= new BenchConditions();
        if (!rows.TryGetValue(figure.Id, out var row))
        {
            rows[figure.Id] = row = new Measured(figure, [], conditions);
            order.Add(figure.Id);
        }
        else if (row.Figure != figure)
        {
            // Two things under one name would be one row of both.
            Note($"'{figure.Id}' stands for {row.Figure.Subject} already: that of {figure.Subject} was left out.");
            return;
        }

        row.Rounds.Add(value);
        rows[figure.Id] = row with
        {
            // What holds for all rounds: the fewest samples, the least load.
            Conditions = row.Conditions with { Samples = Least(row.Conditions.Samples, conditions.Samples), LoadShare = Least(row.Conditions.LoadShare, conditions.LoadShare) },
        };
    }

    /// <summary>Whether a figure of this id was measured.</summary>
    public bool Has(string id) => rows.ContainsKey(id);

    public void Note(string note)
    {
        if (!Notes.Contains(note, StringComparer.Ordinal))
        {
            Notes.Add(note);
        }
    }

    /// <summary>The rows by section, with their targets.</summary>
    public IReadOnlyList<BenchRow> Rows(IReadOnlyDictionary<string, double> targets) =>
        [.. order.Select(id => rows[id]).OrderBy(row => row.Figure.Section).Select(row => new BenchRow
        {
            Figure = row.Figure,
            Rounds = row.Rounds,
            Load = row.Conditions.Load,
            Samples = row.Conditions.Samples,
            LoadShare = row.Conditions.LoadShare,
            Basis = row.Conditions.Basis,
            Target = targets.TryGetValue(row.Figure.Id, out var target) ? target : null,
        })];

    private static T? Least<T>(T? one, T? other)
        where T : struct, IComparable<T> => one is { } a && other is { } b ? (a.CompareTo(b) <= 0 ? a : b) : one ?? other;

    private sealed record Measured(BenchFigure Figure, List<double> Rounds, BenchConditions Conditions);
}
