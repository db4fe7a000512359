using System.Globalization;
using AiAssignments.Bench.Table;

namespace AiAssignments.Bench.Comparing;

/// <summary>In what two tables differ beside their figures.</summary>
internal sealed class BenchDifferences
{
    private const string Private = "private";

    private readonly List<string> grave = [];
    private readonly List<string> light = [];

    public BenchDifferences(BenchTable before, BenchTable after)
    {
        Machines(before, after);
        Settings(before, after);
        Loads(before, after);
        Records(before, after);
    }

    /// <summary>All, for a person.</summary>
    public IReadOnlyList<string> All => [.. grave, .. light];

    /// <summary>Whether other times are to be expected of the same program.</summary>
    public bool AreGrave => grave.Count > 0;

    private void Machines(BenchTable before, BenchTable after)
    {
        var (was, now) = (before.Machine, after.Machine);
        if (was.Processor != now.Processor || was.Cores != now.Cores)
        {
            grave.Add($"The machines differ: {was.Cores} × {was.Processor} before, {now.Cores} × {now.Processor} now.");
        }

        Differ(grave, "execution provider", was.ExecutionProvider, now.ExecutionProvider);
        Differ(grave, "build", before.Build, after.Build);
        Differ(light, "ONNX Runtime", was.OnnxRuntime, now.OnnxRuntime);
        Differ(light, ".NET runtime", was.Runtime, now.Runtime);
        Differ(light, "state of huge pages", was.HugePages, now.HugePages);
    }

    private void Settings(BenchTable before, BenchTable after)
    {
        if (before.Quick != after.Quick)
        {
            grave.Add("One of the tables is of --quick, with shorter runs.");
        }

        if (before.ReadOnly != after.ReadOnly)
        {
            grave.Add("One of the tables is of --read-only, with fewer figures.");
        }

        Differ(grave, "number of tokens of a text (--tokens)", before.Tokens?.ToString(CultureInfo.InvariantCulture), after.Tokens?.ToString(CultureInfo.InvariantCulture));
        if (before.Installation == Private != (after.Installation == Private))
        {
            grave.Add("One of the tables is of a private installation, the other of a running one.");
        }
        else
        {
            Differ(light, "installation", before.Installation, after.Installation);
        }
    }

    private void Loads(BenchTable before, BenchTable after)
    {
        foreach (var (id, load) in after.Loads.OrderBy(load => load.Key, StringComparer.Ordinal))
        {
            if (before.Loads.TryGetValue(id, out var other) && other != load)
            {
                light.Add(FormattableString.Invariant($"The load of {id} differs: {other.PerSecond:N0} requests/s over {other.Connections:N0} connections before, {load.PerSecond:N0} over {load.Connections:N0} now."));
            }
        }
    }

    private void Records(BenchTable before, BenchTable after)
    {
        var known = before.Rows.Where(row => row.Basis is not null).ToDictionary(row => row.Figure.Id, StringComparer.Ordinal);
        var other = after.Rows.Where(row => row.Basis is not null && known.TryGetValue(row.Figure.Id, out var earlier) && earlier.Basis != row.Basis).Select(row => row.Figure.Subject).Distinct(StringComparer.Ordinal);
        light.AddRange(other.Select(subject => $"{subject}: the earlier table is of other records under that name; not compared."));
    }

    // What an older table does not tell is no difference.
    private static void Differ(List<string> to, string what, string? before, string? after)
    {
        if (before is not null && after is not null && before != after)
        {
            to.Add($"The {what} differs: {before} before, {after} now.");
        }
    }
}
