using System.Buffers;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Images;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Runtime;
using AiAssignments.Inference.Scoring;
using AiAssignments.Inference.Serving.Batching;
using AiAssignments.Inference.Serving.Graphs;
using AiAssignments.Inference.Tokenization;

namespace AiAssignments.Inference.Serving.Records;

/// <summary>Turns a caller's records into rows, on the caller's thread: tokenizing and decoding take no time of the lanes.</summary>
internal sealed class RecordRows
{
    private readonly RecordEncoder? encoder;
    private readonly ImageTensorizer? tensorizer;

    public RecordRows(ModelPackage package, ITokenizer? tokenizer)
    {
        if (package.Card.Task == ModelTask.ImageClassification)
        {
            tensorizer = new(package.Card.Image!);
            return;
        }

        encoder = RecordEncoder.Of(package, tokenizer!);
    }

    /// <summary>Floats of an image's row; 0 for texts.</summary>
    public int ImageLength => tensorizer?.Length ?? 0;

    /// <summary>Makes the rows; a record that cannot be scored makes none and is failed.</summary>
    /// <param name="records">The records, of the model's task.</param>
    /// <param name="request">Whose they are.</param>
    /// <param name="cancellationToken">Stops between records.</param>
    /// <returns>The rows, in the records' order, and which texts were cut.</returns>
    public (List<QueuedRow> Rows, bool[]? Truncated) Make(IReadOnlyList<DatasetRecord> records, RecordRequest request, CancellationToken cancellationToken)
    {
        if (encoder is null)
        {
            return (Images(records, request, cancellationToken), null);
        }

        var (items, truncated) = encoder.Encode(records, cancellationToken);
        var rows = new List<QueuedRow>(items.Count);
        foreach (var item in items)
        {
            rows.Add(new SequenceRow(request, item));
        }

        return (rows, truncated);
    }

    private List<QueuedRow> Images(IReadOnlyList<DatasetRecord> records, RecordRequest request, CancellationToken cancellationToken)
    {
        var made = new ImageRow?[records.Count];
        void One(int index)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var row = made[index] = new ImageRow(request, index, ArrayPool<float>.Shared.Rent(ImageLength));
            if (tensorizer!.Fill((ImageRecord)records[index], row.Pixels.AsSpan(0, ImageLength)) is { } error)
            {
                request.Sink.Fail(index, error);
                row.Release();
                made[index] = null;
            }
        }

        try
        {
            if (records.Count == 1)
            {
                One(0);
            }
            else
            {
                Parallel.For(0, records.Count, new ParallelOptions { MaxDegreeOfParallelism = Cores.Logical, CancellationToken = cancellationToken }, One);
            }

            return [.. made.OfType<QueuedRow>()];
        }
        catch (Exception failed)
        {
            foreach (var row in made)
            {
                row?.Release();
            }

            if (failed is AggregateException { InnerException: ProblemException problem })
            {
                throw new ProblemException(problem.Problem, failed);
            }

            throw;
        }
    }
}
