using AiAssignments.Core.Datasets;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Tokenization;
using AiAssignments.Inference.Tokenization.Hashing;
using AiAssignments.Onnx;
using AiAssignments.Optimization.Distillation;
using AiAssignments.Optimization.Training;
using AiAssignments.Optimization.Training.Export;
using AiAssignments.Optimization.Training.Networks;

namespace AiAssignments.Pipeline.Optimizations.Distillation;

/// <summary>A network over hashed features of words.</summary>
internal sealed class TaggingStudent : IStudent<int[]>
{
    private readonly int maxLength;

    public TaggingStudent(IReadOnlyList<DatasetRecord> records, RecordLabels labels, int labelCount, DistillationOptions options)
    {
        var sizes = options.Tagging;
        var hashing = new HashedNGramOptions(sizes.Buckets, 0, 0, 0, sizes.IdsPerWord);
        var tokenizer = new HashedNGramTokenizer(hashing);
        var encoding = new Encoding();
        int[][] inputs = [.. records.Cast<WordsRecord>().Select(record =>
        {
            tokenizer.EncodeWords(record.Words, encoding);
            return encoding.Ids.ToArray();
        })];
        maxLength = sizes.MaxWords * sizes.IdsPerWord;
        var network = new TaggingNetworkOptions(
            sizes.Buckets, sizes.IdsPerWord, sizes.Dimensions, sizes.WindowWords, sizes.Hidden, labelCount, (float)sizes.IdDropout, (float)sizes.Dropout);

        // A convolution sees no further than half its window, so that windows that overlap by more give what a whole sentence gives.
        var overlap = Math.Min(Math.Max(16, sizes.WindowWords), sizes.MaxWords / 2);
        Tokenizer = new TokenizerSpec("hashed-ngrams", maxLength, overlap * sizes.IdsPerWord, HashedNGrams: hashing);
        Examples = new DistillationExamples<int[]>
        {
            Inputs = inputs,
            Contents = ContentKeys.FirstOfEach(records),
            Labels = labels.Indices,
            Usable = [.. inputs.Select((input, record) => input.Length > 0 && !labels.Unknown[record])],
            TeacherRecords = (first, count) => [.. records.Skip(first).Take(count)],
            Create = seed => TaggingNetwork.Create(network, seed),
            Finish = trained => ((TaggingNetwork)trained).Embeddings.RoundToHalf(),
            ContentKey = ContentKeys.OfInputs(records),
            TrainingKey = ContentKeys.OfTraining(labels, options),
        };
    }

    public DistillationExamples<int[]> Examples { get; }

    public TokenizerSpec? Tokenizer { get; }

    public ImagePreprocessing? Image => null;

    public ModelProto ToOnnx(Network<int[]> network) => ((TaggingNetwork)network).ToOnnx();

    public bool IsScoredWhole(int record) => Examples.Inputs[record].Length <= maxLength;
}
