using System.Globalization;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Onnx;
using AiAssignments.Optimization.Distillation;
using AiAssignments.Optimization.Distillation.Students;
using AiAssignments.Optimization.Training;
using AiAssignments.Optimization.Training.Export;
using AiAssignments.Optimization.Training.Networks;

namespace AiAssignments.Pipeline.Optimizations.Distillation;

/// <summary>A small convolutional network for images.</summary>
internal sealed class ImageStudent : IStudent<float[]>
{
    private const int LargestDefault = 64;
    private const long MostUnfolded = 1L << 26;

    public ImageStudent(IReadOnlyList<DatasetRecord> records, RecordLabels labels, ModelCard teacher, int labelCount, DistillationOptions options)
    {
        var sizes = options.Image;
        var taught = teacher.Image!;
        var spec = Preprocessing(taught, sizes.Width ?? Math.Min(LargestDefault, taught.Width), sizes.Height ?? Math.Min(LargestDefault, taught.Height));
        var network = new ConvolutionNetworkOptions(spec.Channels, spec.Height, spec.Width, sizes.Stages, labelCount, (float)sizes.Dropout);
        CheckSize(network);
        var images = new ImageInputs(records, labels.Unknown, spec, taught, new ImageCopies(sizes.Flip, sizes.Shift, options.SplitSeed), sizes.Copies);
        Image = spec;
        Examples = new DistillationExamples<float[]>
        {
            Inputs = images,
            Contents = ContentKeys.FirstOfEach(records),
            Labels = labels.Indices,
            Usable = images.Usable,
            Copies = sizes.Copies,
            TeacherRecords = images.TeacherRecords,
            Create = seed => ConvolutionNetwork.Create(network, seed),
            ContentKey = FormattableString.Invariant($"{ContentKeys.OfInputs(records)}\n{sizes.Copies}\n{sizes.Flip}\n{sizes.Shift:r}\n{options.SplitSeed}"),
            TrainingKey = ContentKeys.OfTraining(labels, options),
        };
    }

    public DistillationExamples<float[]> Examples { get; }

    public TokenizerSpec? Tokenizer => null;

    public ImagePreprocessing? Image { get; }

    public ModelProto ToOnnx(Network<float[]> network) => ((ConvolutionNetwork)network).ToOnnx();

    public bool IsScoredWhole(int record) => true;

    // Looked at before anything is allocated: a thread unfolds each convolution's input into nine times its size.
    private static void CheckSize(ConvolutionNetworkOptions network)
    {
        var (channels, height, width, unfolded) = ((long)network.Channels, network.Height, network.Width, 0L);
        foreach (var (filters, residual) in network.Stages)
        {
            unfolded += 9L * height * width * (channels + ((long)residual * filters));
            if (Math.Min(height, width) < 1 || unfolded > MostUnfolded)
            {
                throw new ProblemException(
                    "distill-option",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Image.Stages has {network.Stages.Count} stages for {network.Width} x {network.Height} pixels; each but the last halves the image, of which a pixel must be left, "
                        + $"and at most {MostUnfolded:N0} numbers may be held for an image."));
            }

            (channels, height, width) = (filters, height / 2, width / 2);
        }
    }

    // The teacher's own way at the student's size; what the teacher says of BGR is turned round.
    private static ImagePreprocessing Preprocessing(ImagePreprocessing teacher, int width, int height)
    {
        var turned = teacher.ChannelOrder == "BGR" && teacher.Channels == 3;
        var edge = teacher.ShortestEdge is { } taught ? Math.Max(Math.Max(width, height), (int)Math.Round((double)taught * width / teacher.Width)) : (int?)null;
        return teacher with
        {
            Width = width,
            Height = height,
            Layout = "NCHW",
            ChannelOrder = "RGB",
            Mean = turned ? [.. teacher.Mean.Reverse()] : teacher.Mean,
            Std = turned ? [.. teacher.Std.Reverse()] : teacher.Std,
            ShortestEdge = edge,
        };
    }
}
