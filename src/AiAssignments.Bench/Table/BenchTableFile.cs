using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Reports;

namespace AiAssignments.Bench.Table;

/// <summary>A table as JSON, <c>bench.json</c>.</summary>
public static class BenchTableFile
{
    /// <summary>Largest file that is read, bytes.</summary>
    public const long LargestFile = 16L << 20;

    /// <summary>Most rows that are read.</summary>
    public const int MostRows = 10_000;

    /// <summary>Most rounds of a row that are read.</summary>
    public const int MostRounds = 1_000;

    private const int LongestText = 500;

    /// <summary>Writes a table, UTF-8, indented.</summary>
    /// <param name="table">What to write.</param>
    /// <param name="output">Where to; left open.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    public static Task WriteAsync(BenchTable table, Stream output, CancellationToken cancellationToken = default) =>
        JsonSerializer.SerializeAsync(output, table, ReportJson.Indented, cancellationToken);

    /// <summary>Reads the table of a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ProblemException"><c>bench-file-not-found</c>, <c>bench-file-invalid</c>.</exception>
    public static BenchTable Read(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            throw new ProblemException("bench-file-not-found", "There is no such file; aia bench --out FOLDER writes bench.json.", path);
        }

        if (file.Length > LargestFile)
        {
            throw Invalid($"The file has {file.Length >> 20} MiB; a table has {LargestFile >> 20} at most.", path);
        }

        return Parse(File.ReadAllBytes(path), path);
    }

    /// <summary>Reads a table.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="name">What it is called, for messages.</param>
    /// <exception cref="ProblemException"><c>bench-file-invalid</c>.</exception>
    public static BenchTable Parse(ReadOnlySpan<byte> json, string name)
    {
        BenchTable? table;
        try
        {
            table = JsonSerializer.Deserialize<BenchTable>(json, ReportJson.Options);
        }
        catch (JsonException error)
        {
            throw new ProblemException(
                new Problem("bench-file-invalid", "The file is no table of aia bench (bench.json).", $"{name}, line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}"), error);
        }

        if (table is not { Rows: { } rows, Machine: not null, Installation: not null })
        {
            throw Invalid("The file is no table of aia bench (bench.json).", name);
        }

        if (table.Schema != BenchTable.CurrentSchema)
        {
            throw Invalid($"The table is of another version; this one reads {BenchTable.CurrentSchema}.", name);
        }

        if (rows.Count > MostRows)
        {
            throw Invalid($"The table has {rows.Count:N0} rows; {MostRows:N0} are read at most.", name);
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < rows.Count; index++)
        {
            var wrong = Wrong(rows[index]) ?? (ids.Add(rows[index].Figure.Id) ? null : "Its id is another row's too.");
            if (wrong is not null)
            {
                throw Invalid(wrong, $"{name}, row {index}");
            }
        }

        return table with
        {
            Notes = [.. (table.Notes ?? []).OfType<string>()],
            Failed = [.. (table.Failed ?? []).OfType<string>()],
            Loads = (table.Loads ?? new Dictionary<string, BenchLoad>()).Where(load => load.Value is { PerSecond: > 0 and < 1e6, Connections: > 0 and <= 20_000 }).ToDictionary(),
        };
    }

    private static string? Wrong(BenchRow? row) => row switch
    {
        not { Figure: { Id: { Length: > 0 and <= LongestText }, Subject: { Length: <= LongestText }, Name: { Length: <= LongestText }, Unit: { Length: <= LongestText } } } => "A row needs a figure with an id, a subject, a name and a unit, not longer than 500 characters.",
        not { Rounds: { Count: > 0 and <= MostRounds } } => $"A row needs what 1 to {MostRounds:N0} rounds measured.",
        { Basis.Length: > LongestText } => "What a row was measured of has 500 characters at most.",
        _ when !row.Rounds.All(value => double.IsFinite(value) && value >= 0) => "A figure must be a number, 0 or more.",
        _ => null,
    };

    private static ProblemException Invalid(string message, string where) => new("bench-file-invalid", message, where);
}
