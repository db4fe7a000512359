using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Onnx.Inspection;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Inference.Models;

/// <summary>Finds the inputs and the output of a graph by name and shape, and refuses what does not fit the card.</summary>
internal static class GraphBinder
{
    private const string Code = "model-does-not-fit";
    private const int MostRows = 4096;
    private const long MostElements = 1L << 26;

    public static ModelBinding Bind(OnnxSignature signature, ModelCard card, string path)
    {
        var output = Output(signature, path);
        CheckOutput(output, card, path);
        return card.Task == ModelTask.ImageClassification ? Image(signature, card.Image!, output, path) : Text(signature, card, output, path);
    }

    private static ModelBinding Text(OnnxSignature signature, ModelCard card, OnnxValue output, string path)
    {
        var inputs = signature.Inputs;
        var ids = inputs.FirstOrDefault(input => input.Name == "input_ids") ?? (inputs.Count == 1 && IsIds(inputs[0]) ? inputs[0] : null)
            ?? throw Wrong(path, $"A {card.Task.Name()} model needs an input 'input_ids' (int64 or int32, [batch, sequence]); this graph has {Listed(inputs)}.");
        if (!IsIds(ids))
        {
            throw Wrong(path, $"The input of the token ids must be int64 or int32 and [batch, sequence]; this graph has {ids}.");
        }

        var mask = Companion(inputs, "attention_mask", ids, path);
        var types = Companion(inputs, "token_type_ids", ids, path);
        var known = new[] { ids.Name, mask?.Name, types?.Name };
        if (inputs.FirstOrDefault(input => !known.Contains(input.Name)) is { } other)
        {
            throw Wrong(path, $"The graph also wants '{other}', and only input_ids, attention_mask and token_type_ids can be given; export the model without it.");
        }

        var (batch, length) = (Size(ids, 0), Size(ids, 1));
        RefuseRows(batch, ids, path);
        RefuseElements([batch ?? 1, length ?? card.Tokenizer!.MaxLength, 1 + (mask is null ? 0 : 1) + (types is null ? 0 : 1)], "rows x ids x inputs", path);
        return new(card.Task, ids.Name, mask?.Name, types?.Name, ids.ElementType, batch, length, output.Name);
    }

    private static ModelBinding Image(OnnxSignature signature, ImagePreprocessing image, OnnxValue output, string path)
    {
        var input = signature.Inputs is [var only] ? only : throw Wrong(path, $"An image model needs one input; this graph has {Listed(signature.Inputs)}.");
        if (input.ElementType != DataType.Float || input.Shape is { Count: not 4 })
        {
            throw Wrong(path, $"An image model needs a float input of rank 4, NCHW or NHWC; this graph has {input}.");
        }

        long[] wanted = image.Layout == "NCHW" ? [image.Channels, image.Height, image.Width] : [image.Height, image.Width, image.Channels];
        for (var i = 0; i < 3; i++)
        {
            if (Size(input, i + 1) is { } size && size != wanted[i])
            {
                throw Wrong(path, $"The card says {image.Layout} with {image.Channels} channels, {image.Width} x {image.Height} pixels, so the input must be [batch, {string.Join(", ", wanted)}]; this graph has {input}.");
            }
        }

        var batch = Size(input, 0);
        RefuseRows(batch, input, path);
        RefuseElements([batch ?? 1, image.Width, image.Height, image.Channels], "rows x width x height x channels", path);
        return new(ModelTask.ImageClassification, input.Name, null, null, DataType.Undefined, batch, null, output.Name);
    }

    private static OnnxValue Output(OnnxSignature signature, string path)
    {
        var floats = signature.Outputs.Where(output => output.ElementType == DataType.Float).ToList();
        return floats.FirstOrDefault(output => output.Name == "logits")
            ?? (floats.Count == 1 ? floats[0] : null)
            ?? throw Wrong(path, $"The graph needs a float output named 'logits', or only one float output; it has {Listed(signature.Outputs)}.");
    }

    private static void CheckOutput(OnnxValue output, ModelCard card, string path)
    {
        var rank = card.Task == ModelTask.TokenClassification ? 3 : 2;
        if (output.Shape is null)
        {
            return;
        }

        if (output.Shape.Count != rank)
        {
            throw Wrong(path, $"A {card.Task.Name()} model gives {(rank == 3 ? "[batch, sequence, labels]" : "[batch, labels]")}; this graph gives {output}.");
        }

        if (Size(output, rank - 1) is { } labels && labels != card.Labels.Count)
        {
            throw new ProblemException("model-label-count", $"The card has {card.Labels.Count} labels, and the graph's output '{output}' has {labels}; they must be as many.", path);
        }
    }

    private static OnnxValue? Companion(IReadOnlyList<OnnxValue> inputs, string name, OnnxValue ids, string path)
    {
        var found = inputs.FirstOrDefault(input => input.Name == name);
        return found is null || (found.ElementType == ids.ElementType && found.Shape is null or { Count: 2 })
            ? found
            : throw Wrong(path, $"'{name}' must be like '{ids}'; this graph has {found}.");
    }

    private static bool IsIds(OnnxValue input) => input.ElementType is DataType.Int64 or DataType.Int32 && input.Shape is null or { Count: 2 };

    private static int? Size(OnnxValue value, int axis) => checked((int?)value.Shape?[axis].Size);

    private static void RefuseRows(int? batch, OnnxValue input, string path)
    {
        if (batch > MostRows)
        {
            throw Wrong(path, $"The graph fixes the batch at {batch} rows ({input}); at most {MostRows} are run at once.");
        }
    }

    // One batch is allocated at once, on every lane.
    private static void RefuseElements(ReadOnlySpan<long> sizes, string what, string path)
    {
        var elements = 1L;
        foreach (var size in sizes)
        {
            elements = checked(elements * size);
        }

        if (elements > MostElements)
        {
            throw Wrong(path, $"The smallest batch of this model has {elements} input values ({what}: {string.Join(" x ", sizes.ToArray())}); at most {MostElements} are run at once.");
        }
    }

    private static string Listed(IReadOnlyList<OnnxValue> values) =>
        values.Count == 0 ? "none" : string.Join("; ", values.Take(8)) + (values.Count > 8 ? $"; and {values.Count - 8} more" : string.Empty);

    private static ProblemException Wrong(string path, string what) => new(Code, what, path);
}
