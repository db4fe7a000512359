using AiAssignments.Evaluation.Reports;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Pipeline.Comparisons;

/// <summary>A comparison and its report.</summary>
/// <param name="result">The figures.</param>
public sealed class Comparison(ComparisonResult result)
{
    /// <summary>The figures.</summary>
    public ComparisonResult Result => result;

    /// <summary>Blob path of the folder that it is written to when no other is given, with a trailing <c>/</c>.</summary>
    public string DefaultFolder => $"comparisons/{result.A.EvaluationId[..8]}-{result.B.EvaluationId[..8]}/";

    /// <summary>Writes <c>comparison.html</c>, <c>comparison.md</c> and <c>comparison.json</c>.</summary>
    /// <param name="folder">Folder of this machine; made when missing.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task WriteAsync(string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        await WriteAsync("comparison.html", stream => ComparisonHtmlReport.WriteAsync(result, stream, cancellationToken)).ConfigureAwait(false);
        await WriteAsync("comparison.md", stream => MarkdownReport.WriteAsync(result, stream, cancellationToken)).ConfigureAwait(false);
        await WriteAsync("comparison.json", stream => JsonReport.WriteAsync(result, stream, cancellationToken)).ConfigureAwait(false);

        async Task WriteAsync(string name, Func<Stream, Task> write)
        {
            var stream = File.Create(Path.Combine(folder, name));
            await using (stream.ConfigureAwait(false))
            {
                await write(stream).ConfigureAwait(false);
            }
        }
    }
}
