using AiAssignments.Core.Datasets;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Images;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Tokenization;

namespace AiAssignments.Inference.Scoring;

/// <summary>The tensors that a model is given for records, for those who run its graph themselves: calibration, sensitivity.</summary>
internal sealed class RecordFeeds
{
    private readonly ModelPackage package;
    private readonly ITokenizer? tokenizer;
    private readonly RecordEncoder? encoder;
    private readonly ImageTensorizer? tensorizer;

    public RecordFeeds(ModelPackage package)
    {
        this.package = package;
        if (package.Card.Task == ModelTask.ImageClassification)
        {
            tensorizer = new ImageTensorizer(package.Card.Image!);
        }
        else
        {
            tokenizer = TokenizerLoader.Load(package.TokenizerFolder, package.Card.Tokenizer!);
            ModelScorer.CheckTokenizer(package, tokenizer);
            encoder = RecordEncoder.Of(package, tokenizer);
        }
    }

    /// <summary>The batches of some records, in an order that depends on them alone. A record that cannot be encoded is left out.</summary>
    /// <param name="records">The records.</param>
    /// <param name="rows">Rows of a batch at most; a graph that fixes its batch gets that.</param>
    /// <param name="cancellationToken">Stops the encoding.</param>
    /// <exception cref="Core.Errors.ProblemException"><c>record-task-mismatch</c>.</exception>
    public List<FedTensor[]> BatchesOf(IReadOnlyList<DatasetRecord> records, int rows, CancellationToken cancellationToken) =>
        tensorizer is not null ? Images(records, rows, cancellationToken) : Sequences(records, rows, cancellationToken);

    private List<FedTensor[]> Sequences(IReadOnlyList<DatasetRecord> records, int rows, CancellationToken cancellationToken)
    {
        var binding = package.Binding;
        var (items, _) = encoder!.Encode(records, cancellationToken);
        var lengths = items.ConvertAll(item => binding.FixedLength ?? item.Ids.Length);
        return BatchPlanner.Plan(lengths, int.MaxValue, binding.FixedBatch ?? rows).ConvertAll(batch =>
        {
            SequenceItem[] taken = [.. batch.Select(item => items[item])];
            var width = SequenceInputs.Width(taken, binding, tokenizer!.IdsPerPosition);
            var height = binding.FixedBatch ?? taken.Length;
            string[] names = [binding.Ids, .. new[] { binding.Mask, binding.Types }.OfType<string>()];
            var values = new long[checked(names.Length * height * width)];
            SequenceInputs.Fill(values, taken, binding, height, width, (long)tokenizer.PadId);
            return (FedTensor[])[.. names.Select((name, i) => new FedTensor(name, [height, width], null, values.AsSpan(i * height * width, height * width).ToArray()))];
        });
    }

    private List<FedTensor[]> Images(IReadOnlyList<DatasetRecord> records, int rows, CancellationToken cancellationToken)
    {
        var image = package.Card.Image!;
        var length = tensorizer!.Length;
        var encoded = new List<float[]>(records.Count);
        foreach (var record in records)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (record is not ImageRecord picture)
            {
                throw new Core.Errors.ProblemException(
                    "record-task-mismatch", $"A {package.Card.Task.Name()} model takes no {record.GetType().Name}; choose a dataset of its task.", record.Position.ToString());
            }

            var values = new float[length];
            if (tensorizer.Fill(picture, values) is null)
            {
                encoded.Add(values);
            }
        }

        return [.. encoded.Chunk(package.Binding.FixedBatch ?? rows).Select(batch =>
        {
            // What a fixed batch has left over repeats the last image, so that no range is made of zeros that nobody gave.
            var height = package.Binding.FixedBatch ?? batch.Length;
            var values = new float[checked(height * length)];
            for (var row = 0; row < height; row++)
            {
                batch[Math.Min(row, batch.Length - 1)].CopyTo(values, row * length);
            }

            long[] shape = image.Layout == "NCHW" ? [height, image.Channels, image.Height, image.Width] : [height, image.Height, image.Width, image.Channels];
            return (FedTensor[])[new FedTensor(package.Binding.Ids, shape, values, null)];
        })];
    }
}

/// <summary>An input of a graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Floats">Its values, when they are float32.</param>
/// <param name="Longs">Its values, when they are integers.</param>
internal sealed record FedTensor(string Name, long[] Shape, float[]? Floats, long[]? Longs);
