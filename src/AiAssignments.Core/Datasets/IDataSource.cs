namespace AiAssignments.Core.Datasets;

/// <summary>Immutable bytes that can be read from any offset: a file, or a blob.</summary>
public interface IDataSource
{
    /// <summary>File name without folders, as the user gave it. Data, never a path to open.</summary>
    string Name { get; }

    /// <summary>Size in bytes.</summary>
    long Length { get; }

    /// <summary>Opens a forward-only stream of <paramref name="length"/> bytes (or up to the end) from <paramref name="offset"/>.</summary>
    /// <param name="offset">0-based; 0..<see cref="Length"/>.</param>
    /// <param name="length">Bytes to read; <c>null</c> for the rest.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    ValueTask<Stream> OpenReadAsync(long offset, long? length, CancellationToken cancellationToken);
}
