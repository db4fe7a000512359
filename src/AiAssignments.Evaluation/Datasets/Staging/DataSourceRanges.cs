using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;

namespace AiAssignments.Evaluation.Datasets.Staging;

/// <summary>Small ranges of a data source.</summary>
internal static class DataSourceRanges
{
    /// <summary>Reads exactly <paramref name="count"/> bytes from <paramref name="offset"/>; the caller has checked both against limits.</summary>
    /// <exception cref="ProblemException"><c>dataset-changed</c>: it became shorter.</exception>
    public static async ValueTask<byte[]> ReadRangeAsync(this IDataSource source, long offset, int count, CancellationToken cancellationToken)
    {
        var bytes = new byte[count];
        var stream = await source.OpenReadAsync(offset, count, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var read = await stream.ReadAtLeastAsync(bytes, count, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return read == count
                ? bytes
                : throw new ProblemException("dataset-changed", "The dataset became shorter while it was read.", $"byte {offset + read}");
        }
    }
}
