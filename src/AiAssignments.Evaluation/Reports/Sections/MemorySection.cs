using AiAssignments.Core.Telemetry.Memory;
using AiAssignments.Evaluation.Reports.Html;

namespace AiAssignments.Evaluation.Reports.Sections;

/// <summary>What the activities did to the memory of their process, where that was measured.</summary>
internal static class MemorySection
{
    /// <summary>How the figures are to be taken.</summary>
    public const string Method = "Counters of the whole process: what else ran meanwhile is counted too. Peaks are the highest of samples taken every 10 ms; "
        + "managed and native peaks are above the size at the beginning, the resident one is all of the process. Retained is what a full collection at the end left, less that at the beginning.";

    /// <summary>Columns of the table, and of the Markdown one.</summary>
    public static readonly string[] Columns = ["Activity", "Runs", "Time", "Allocated", "Peak managed", "Peak native", "Peak resident", "Retained", "Retained native", "Peak GPU", "Ran beside"];

    public static void Write(ReportPage page, IReadOnlyList<MemoryProfile> profiles)
    {
        page.Html.Write($"<p class=\"intro\">{Method}</p>\n");
        page.BeginTable("Memory by activity");
        page.Html.Write($"<thead><tr>");
        foreach (var column in Columns)
        {
            page.Html.Write($"<th scope=\"col\">{column}</th>");
        }

        page.Html.Write($"</tr></thead>\n<tbody>\n");
        foreach (var profile in profiles)
        {
            page.Html.Write($"<tr><th scope=\"row\">{HtmlText.Clip(profile.Subject, 80)}</th>");
            foreach (var cell in Cells(profile).Skip(1))
            {
                page.Html.Write($"<td>{cell}</td>");
            }

            page.Html.Write($"</tr>\n");
        }

        page.Html.Write($"</tbody>");
        page.EndTable();
        page.Html.Write($"<dl class=\"rows\">\n");
        foreach (var profile in profiles)
        {
            page.Row($"{profile.Subject} by generation", Generations(profile));
        }

        page.Html.Write($"</dl>\n");
    }

    /// <summary>A row of the table.</summary>
    public static string[] Cells(MemoryProfile profile) =>
    [
        profile.Subject,
        Figures.Count(profile.Runs),
        Figures.Milliseconds(profile.Seconds * 1000),
        Figures.Bytes(profile.AllocatedBytes),
        Change(profile.PeakManagedBytes),
        Change(profile.PeakNativeBytes),
        Figures.Bytes(profile.PeakResidentBytes),
        Change(profile.RetainedBytes),
        Change(profile.RetainedNativeBytes),
        profile.Gpus is { } gpus ? string.Join(", ", gpus.Select(gpu => $"{gpu.Gpu}: {Change(gpu.PeakBytes)}")) : "none",
        profile.Overlapping == 0 ? "nothing measured" : $"{profile.Overlapping} other",
    ];

    private static string Generations(MemoryProfile profile) => string.Join("; ", profile.Generations.Select(generation =>
        $"{generation.Generation}: {Change(generation.RetainedBytes)}{(generation.Generation is "large" or "pinned" ? string.Empty : $", {Figures.Count(generation.Collections, "collection")}")}"))
        + $"; paused {Figures.Milliseconds(profile.PauseSeconds * 1000)}";

    private static string Change(long bytes) => bytes < 0 ? "−" + Figures.Bytes(-bytes) : "+" + Figures.Bytes(bytes);
}
