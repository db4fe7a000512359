using AiAssignments.Core.Datasets;

namespace AiAssignments.Evaluation.Datasets.Batching;

/// <summary>Gathers records until a batch is full: 256 records, or 8 MiB of payload. One record larger than that makes a batch of its own.</summary>
internal sealed class BatchBuilder
{
    private const int MaxRecords = 256;
    private const long MaxPayload = 8L * 1024 * 1024;

    private List<DatasetRecord> records = [];
    private List<RecordError> errors = [];
    private long payload;

    /// <summary>Whether <see cref="Take"/> is due.</summary>
    public bool IsFull => records.Count + errors.Count >= MaxRecords || payload >= MaxPayload;

    /// <summary>Whether nothing was gathered.</summary>
    public bool IsEmpty => records.Count + errors.Count == 0;

    /// <summary>Adds a good record that holds <paramref name="bytes"/> of text or pixels.</summary>
    public void Add(DatasetRecord record, long bytes)
    {
        records.Add(record);
        payload += bytes;
    }

    /// <summary>Adds a bad record.</summary>
    public void Add(RecordError error) => errors.Add(error);

    /// <summary>Adds a bad record.</summary>
    public void Add(RecordPosition position, string code, string message) => errors.Add(new RecordError(position, code, message));

    /// <summary>Hands out what was gathered and starts anew.</summary>
    public RecordBatch Take()
    {
        var batch = new RecordBatch(records, errors);
        records = [];
        errors = [];
        payload = 0;
        return batch;
    }
}
