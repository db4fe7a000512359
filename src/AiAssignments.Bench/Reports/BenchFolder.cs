using System.Text;
using AiAssignments.Bench.Comparing;
using AiAssignments.Bench.Table;

namespace AiAssignments.Bench.Reports;

/// <summary>A table's files: <c>bench.html</c>, <c>bench.md</c>, <c>bench.json</c>.</summary>
public static class BenchFolder
{
    /// <summary>Writes them; files of these names are replaced.</summary>
    /// <param name="table">What to write.</param>
    /// <param name="comparison">With an earlier one; <c>null</c>: there is none.</param>
    /// <param name="folder">Where to; made if it is not there.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    /// <returns>Path of the HTML file.</returns>
    public static async Task<string> WriteAsync(BenchTable table, BenchComparison? comparison, string folder, CancellationToken cancellationToken = default)
    {
        Directory.CreateDirectory(folder);
        var (html, encoding) = (Path.Combine(folder, "bench.html"), new UTF8Encoding(false));
        await File.WriteAllTextAsync(html, BenchHtml.Create(table, comparison), encoding, cancellationToken).ConfigureAwait(false);
        await File.WriteAllTextAsync(Path.Combine(folder, "bench.md"), BenchMarkdown.Create(table, comparison), encoding, cancellationToken).ConfigureAwait(false);
        var json = File.Create(Path.Combine(folder, "bench.json"));
        await using (json.ConfigureAwait(false))
        {
            await BenchTableFile.WriteAsync(table, json, cancellationToken).ConfigureAwait(false);
        }

        return html;
    }
}
