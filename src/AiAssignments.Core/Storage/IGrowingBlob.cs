using AiAssignments.Core.Errors;

namespace AiAssignments.Core.Storage;

/// <summary>A blob that is being received, opened by one writer. It is no blob yet: nobody finds or lists it.</summary>
public interface IGrowingBlob : IAsyncDisposable
{
    /// <summary>Bytes appended so far.</summary>
    long Length { get; }

    /// <summary>Appends. The bytes survive the end of the process and a power cut once they are flushed; a store may keep them sooner.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="cancellationToken">Stops the call before it begins; a write under way is finished.</param>
    /// <exception cref="ProblemException"><c>storage-full</c>: <see cref="Length"/> is as it was.</exception>
    ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Makes durable whatever was appended before the call. May run beside an append.</summary>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="ProblemException"><c>storage-full</c>.</exception>
    Task FlushAsync(CancellationToken cancellationToken);
}
