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

/// <summary>A hashed n-gram network for texts.</summary>
internal sealed class TextStudent : IStudent<int[]>
{
    public TextStudent(IReadOnlyList<DatasetRecord> records, RecordLabels labels, int labelCount, DistillationOptions options)
    {
        var sizes = options.Text;
        var hashing = new HashedNGramOptions(sizes.Buckets, sizes.WordNGrams, sizes.CharNGramMin, sizes.CharNGramMax);
        var tokenizer = new HashedNGramTokenizer(hashing);
        var encoding = new Encoding();
        int[][] inputs = [.. records.Cast<TextRecord>().Select(record =>
        {
            tokenizer.Encode(record.Text, record.Pair, record.Pair is not null, sizes.MaxLength, encoding);
            return encoding.Ids.ToArray();
        })];
        var network = new TextNetworkOptions(sizes.Buckets, sizes.Dimensions, sizes.Hidden, labelCount, (float)sizes.IdDropout, (float)sizes.Dropout);
        Tokenizer = new TokenizerSpec("hashed-ngrams", sizes.MaxLength, HashedNGrams: hashing);
        Examples = new DistillationExamples<int[]>
        {
            Inputs = inputs,
            Contents = ContentKeys.FirstOfEach(records),
            Labels = labels.Indices,
            Usable = [.. labels.Unknown.Select(unknown => !unknown)],
            TeacherRecords = (first, count) => [.. records.Skip(first).Take(count)],
            Create = seed => TextNetwork.Create(network, seed),
            Finish = trained => ((TextNetwork)trained).Embeddings.RoundToHalf(),
            ContentKey = ContentKeys.OfInputs(records),
            TrainingKey = ContentKeys.OfTraining(labels, options),
        };
    }

    public DistillationExamples<int[]> Examples { get; }

    public TokenizerSpec? Tokenizer { get; }

    public ImagePreprocessing? Image => null;

    public ModelProto ToOnnx(Network<int[]> network) => ((TextNetwork)network).ToOnnx();

    public bool IsScoredWhole(int record) => true;
}
