namespace AiAssignments.Bench.Table;

/// <summary>Takes what the rounds measure, and makes the rows of a table of it. Not thread-safe.</summary>
internal sealed class BenchCollector
{
    private readonly Dictionary<string, (BenchFigure Figure, List<double> Rounds, string? Load)> rows = new(StringComparer.Ordinal);
    private readonly List<string> order = [];

    /// <summary>Things to be told once.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Loads of response times, by the service's id.</summary>
    public Dictionary<string, BenchLoad> Loads { get; } = new(StringComparer.Ordinal);

    public void Add(BenchFigure figure, double value, string? load = null)
    {
        // A figure of nothing (no answer at all) is none.
        if (!double.IsFinite(value) || value < 0)
        {
            return;
        }

        if (!rows.TryGetValue(figure.Id, out var row))
        {
            rows[figure.Id] = row = (figure, [], load);
            order.Add(figure.Id);
        }

        row.Rounds.Add(value);
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
            Load = row.Load,
            Target = targets.TryGetValue(row.Figure.Id, out var target) ? target : null,
        })];
}
