using System.Text.Json;
using AiAssignments.Core.Storage;
using AiAssignments.Evaluation.Reports;

namespace AiAssignments.Pipeline;

/// <summary>Small JSON blobs: plans, summaries.</summary>
internal static class PipelineJson
{
    public static async Task<T> ReadAsync<T>(this IBlobStore blobs, string path, CancellationToken cancellationToken)
    {
        var stream = await blobs.OpenReadAsync(path, 0, null, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            return await JsonSerializer.DeserializeAsync<T>(stream, ReportJson.Options, cancellationToken).ConfigureAwait(false)
                ?? throw new InvalidDataException($"{path} holds null.");
        }
    }

    public static Task WriteAsync<T>(this IBlobStore blobs, string path, T value, CancellationToken cancellationToken) =>
        blobs.WriteAsync(path, (stream, token) => JsonSerializer.SerializeAsync(stream, value, ReportJson.Options, token), cancellationToken);
}
