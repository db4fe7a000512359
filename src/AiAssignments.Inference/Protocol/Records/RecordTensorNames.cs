using AiAssignments.Core.Models;
using AiAssignments.Inference.Protocol.Requests;
using AiAssignments.Onnx.Inspection;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Inference.Protocol.Records;

/// <summary>
/// The tensors that a model with a card takes and gives beside its graph's own: texts, words or images in, probabilities out. The server tokenizes and
/// decodes, so that a caller needs neither the model's files nor its tokenizer, and its numbers are the server's own.
/// </summary>
internal static class RecordTensorNames
{
    /// <summary><c>BYTES</c> [n]: UTF-8 texts.</summary>
    public const string Text = "text";

    /// <summary><c>BYTES</c> [n], optional: the second texts of pairs.</summary>
    public const string Pair = "pair";

    /// <summary><c>BOOL</c> [n], optional: whether a text has a second one; all have when <see cref="Pair"/> is there and this is not.</summary>
    public const string Paired = "paired";

    /// <summary><c>BYTES</c> [w]: the words of all sentences, one after the other.</summary>
    public const string Words = "words";

    /// <summary><c>INT64</c> [n], optional: words of each sentence; one sentence when absent.</summary>
    public const string Lengths = "lengths";

    /// <summary><c>BYTES</c> [n]: encoded image files.</summary>
    public const string Image = "image";

    /// <summary><c>INT32</c> [n, 4], optional: width, height, channels, and 1 for planes, of images that are raw samples; 0s for encoded ones.</summary>
    public const string RawShape = "raw_shape";

    /// <summary><c>FP32</c> [rows, labels]; a row is a text, an image, or a word.</summary>
    public const string Probabilities = "probabilities";

    /// <summary><c>FP32</c> [rows, labels].</summary>
    public const string Logits = "logits";

    /// <summary><c>BOOL</c> [n]: the text was cut to the model's longest input.</summary>
    public const string Truncated = "truncated";

    /// <summary><c>BYTES</c> [n]: <c>code: message</c> of a record that has no prediction, empty for others. Asked for, it keeps one bad record from failing the request.</summary>
    public const string Error = "error";

    private static readonly string[] Inputs = [Text, Pair, Paired, Words, Lengths, Image, RawShape];

    /// <summary>Whether a request gives records and not the graph's tensors: no graph that is served takes strings.</summary>
    public static bool AreRecords(InferRequest request) => request.Inputs.Any(input => input.Type == DataType.String);

    /// <summary>What a model offers beside its graph's own tensors; empty where the graph's own names are in the way.</summary>
    public static (IReadOnlyList<TensorDescription> Inputs, IReadOnlyList<TensorDescription> Outputs) Describe(ModelCard card, OnnxSignature signature)
    {
        if (signature.Inputs.Any(input => Inputs.Contains(input.Name)))
        {
            return ([], []);
        }

        IReadOnlyList<TensorDescription> inputs = card.Task switch
        {
            ModelTask.TextClassification => [new(Text, "BYTES", [-1]), new(Pair, "BYTES", [-1])],
            ModelTask.TokenClassification => [new(Words, "BYTES", [-1]), new(Lengths, "INT64", [-1])],
            _ => [new(Image, "BYTES", [-1])],
        };
        TensorDescription[] outputs =
        [
            new(Probabilities, "FP32", [-1, card.Labels.Count]),
            new(Truncated, "BOOL", [-1]),
            new(Error, "BYTES", [-1]),
        ];
        return (inputs, [.. outputs.Where(output => signature.Outputs.All(own => own.Name != output.Name))]);
    }
}
