using System.Globalization;
using System.Text;
using AiAssignments.Bench.Installations;
using AiAssignments.Bench.Running;

namespace AiAssignments.Bench.Steps;

/// <summary>Datasets that are made to be uploaded, and taken away again.</summary>
internal static class BenchFiles
{
    /// <summary>How the names of all of them begin.</summary>
    public const string Prefix = "aia-bench-";

    private const int DeletesAtOnce = 8;
    private const string Header = "text,label\n";

    private static readonly string[] Words =
        ["market", "profit", "season", "striker", "minister", "border", "engine", "galaxy", "software", "champion", "treaty", "quarter", "storm", "festival", "harbour", "railway", "satellite", "election", "vaccine", "orchestra"];

    /// <summary>Name of a file of one kind.</summary>
    public static string Name(BenchContext context, string kind) => $"{Prefix}{context.RunId}-{kind}.csv";

    /// <summary>Rows of made-up news, of a number of bytes or of rows.</summary>
    /// <param name="seed">Decides the words; stands in the first row.</param>
    /// <param name="bytes">About so many bytes; 0: by <paramref name="rows"/>.</param>
    /// <param name="labels">Taken in turn.</param>
    /// <param name="rows">So many rows.</param>
    public static byte[] Csv(string seed, int bytes, IReadOnlyList<string> labels, int rows)
    {
        var random = new Random(seed.Aggregate(17, (hash, letter) => unchecked((hash * 31) + letter)));
        var text = new StringBuilder(Header);
        // A place for a number, of fixed width.
        text.Append(CultureInfo.InvariantCulture, $"number 00000000000000000000 of {seed},{Quoted(labels[0])}\n");
        for (var row = 1; bytes > 0 ? text.Length < bytes : row < rows; row++)
        {
            for (var word = 0; word < 18; word++)
            {
                text.Append(word == 0 ? string.Empty : " ").Append(Words[random.Next(Words.Length)]);
            }

            text.Append(CultureInfo.InvariantCulture, $" {random.Next()},{Quoted(labels[row % labels.Count])}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>The same file with another number in its first row, so that its content is new: that row, and the rest, which is not copied.</summary>
    public static (byte[] Head, ReadOnlyMemory<byte> Tail) Numbered(byte[] content, long number)
    {
        var end = Header.Length + content.AsSpan(Header.Length).IndexOf((byte)'\n') + 1;
        var head = content[..end];
        Encoding.ASCII.GetBytes(number.ToString("D20", CultureInfo.InvariantCulture)).CopyTo(head, Header.Length + "number ".Length);
        return (head, content.AsMemory(end));
    }

    /// <summary>Deletes all datasets of a name.</summary>
    public static async Task DeleteAsync(BenchContext context, string name, CancellationToken cancellationToken)
    {
        var datasets = await context.Installation.ListAsync("/api/datasets", int.MaxValue, cancellationToken).ConfigureAwait(false);
        var ids = datasets.Where(dataset => dataset.Text("name")?.StartsWith(Path.GetFileNameWithoutExtension(name), StringComparison.Ordinal) == true).Select(dataset => dataset.Text("id")).OfType<string>();
        await Parallel.ForEachAsync(ids, new ParallelOptions { MaxDegreeOfParallelism = DeletesAtOnce, CancellationToken = cancellationToken }, async (id, stop) =>
            await context.Installation.DeleteAsync($"/api/datasets/{Uri.EscapeDataString(id)}", stop).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private static string Quoted(string label) => $"\"{label.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
