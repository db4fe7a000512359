using AiAssignments.Core.Datasets;

namespace AiAssignments.Evaluation.Datasets.Tar;

/// <summary>Tells a tar archive by its first header.</summary>
internal static class TarSniffer
{
    /// <summary>Whether the source begins with a header block whose checksum holds.</summary>
    public static async ValueTask<bool> IsTarAsync(IDataSource source, CancellationToken cancellationToken)
    {
        if (source.Length < TarBlock.Size)
        {
            return false;
        }

        var head = new byte[TarBlock.Size];
        var stream = await source.OpenReadAsync(0, head.Length, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var read = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return read == head.Length && !TarBlock.IsZero(head) && TarBlock.ChecksumHolds(head);
        }
    }
}
