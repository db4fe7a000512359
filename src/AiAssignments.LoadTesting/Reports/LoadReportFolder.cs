using System.Text;

namespace AiAssignments.LoadTesting.Reports;

/// <summary>A load test's files: <c>loadtest.html</c>, <c>loadtest.json</c>, <c>seconds.csv</c>.</summary>
public static class LoadReportFolder
{
    /// <summary>Writes them; files of these names are replaced.</summary>
    /// <param name="report">What to write.</param>
    /// <param name="folder">Where to; made if it is not there.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    /// <returns>Path of the HTML file.</returns>
    public static async Task<string> WriteAsync(LoadReport report, string folder, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(report);
        Directory.CreateDirectory(folder);
        var html = Path.Combine(folder, "loadtest.html");
        await File.WriteAllTextAsync(html, LoadHtmlReport.Create(report), new UTF8Encoding(false), cancellationToken).ConfigureAwait(false);
        var json = File.Create(Path.Combine(folder, "loadtest.json"));
        await using (json.ConfigureAwait(false))
        {
            await LoadReportJson.WriteAsync(report, json, cancellationToken).ConfigureAwait(false);
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "seconds.csv"), LoadSeriesCsv.Create(report.Series), cancellationToken).ConfigureAwait(false);
        return html;
    }
}
