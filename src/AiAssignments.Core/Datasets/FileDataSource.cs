namespace AiAssignments.Core.Datasets;

/// <summary>A file on this machine as a data source.</summary>
public sealed class FileDataSource : IDataSource
{
    private readonly string path;

    /// <summary>Takes the file's present length; it must not change while it is read.</summary>
    /// <param name="path">Path of an existing file.</param>
    /// <param name="name">The name to show; the file's own when <c>null</c>.</param>
    public FileDataSource(string path, string? name = null)
    {
        this.path = path;
        Name = name ?? Path.GetFileName(path);
        Length = new FileInfo(path).Length;
    }

    /// <inheritdoc />
    public string Name { get; }

    /// <inheritdoc />
    public long Length { get; }

    /// <inheritdoc />
    public ValueTask<Stream> OpenReadAsync(long offset, long? length, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length);
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan)
        {
            Position = offset,
        };
        var rest = Length - offset;
        return new(length is { } wanted && wanted < rest ? new BoundedStream(stream, wanted) : stream);
    }
}
