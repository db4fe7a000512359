using System.Globalization;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Models;
using AiAssignments.Onnx.Inspection;

namespace AiAssignments.Inference.Serving.Tensors;

/// <summary>Holds a caller's tensors against the graph's signature. Everything it looks at is hostile.</summary>
internal static class TensorDoor
{
    private const string Code = "tensor-unfit";

    /// <summary>Checks the tensors.</summary>
    /// <param name="tensors">As they came.</param>
    /// <param name="package">The model.</param>
    /// <param name="idsPerPosition">Ids that make one position.</param>
    /// <param name="options">Size limits.</param>
    /// <returns>The tensors in the graph's order.</returns>
    /// <exception cref="ProblemException"><c>tensor-unfit</c>, <c>request-too-large</c>.</exception>
    public static Tensor[] Check(IReadOnlyList<Tensor> tensors, ModelPackage package, int idsPerPosition, ModelServerOptions options)
    {
        var bytes = tensors.Sum(tensor => (long)tensor.Data.Length);
        if (bytes > options.MostRequestBytes)
        {
            throw new ProblemException(
                "request-too-large", string.Create(CultureInfo.InvariantCulture, $"The tensors have {bytes} bytes; at most {options.MostRequestBytes} are taken."));
        }

        var inputs = package.Signature.Inputs;
        foreach (var tensor in tensors)
        {
            if (!inputs.Any(input => input.Name == tensor.Name))
            {
                throw Unfit($"the model has no input '{Shown(tensor.Name)}'; it has {string.Join("; ", inputs)}", null);
            }
        }

        var symbols = new Dictionary<string, long>(StringComparer.Ordinal);
        var ordered = new Tensor[inputs.Count];
        for (var i = 0; i < ordered.Length; i++)
        {
            var named = tensors.Where(tensor => tensor.Name == inputs[i].Name).Take(2).ToList();
            ordered[i] = named.Count == 1 ? named[0] : throw Unfit(named.Count == 0 ? $"the input {inputs[i]} is missing" : "it is given twice", inputs[i].Name);
            CheckOne(ordered[i], inputs[i], symbols);
        }

        CheckAsModel(ordered, package, idsPerPosition);
        return ordered;
    }

    public static ProblemException Unfit(string what, string? where) =>
        new(Code, string.Create(CultureInfo.InvariantCulture, $"A tensor does not fit the model: {what}."), where is null ? null : Shown(where));

    /// <summary>A name that came from outside, for a message.</summary>
    public static string Shown(string name) => name.Length > 100 ? string.Concat(name.AsSpan(0, 100), "…") : name;

    private static void CheckOne(Tensor tensor, OnnxValue input, Dictionary<string, long> symbols)
    {
        var size = TensorTypes.Size(tensor.Type);
        if (tensor.Type != input.ElementType || size == 0)
        {
            throw Unfit($"it is {tensor.Type.ToString().ToLowerInvariant()}, and the model takes {input}", input.Name);
        }

        if (tensor.Shape.Count == 0 || (input.Shape is { } known && known.Count != tensor.Shape.Count))
        {
            throw Unfit($"it has {tensor.Shape.Count} dimensions, and the model takes {input}", input.Name);
        }

        var length = (long)size;
        for (var axis = 0; axis < tensor.Shape.Count; axis++)
        {
            var found = tensor.Shape[axis];
            if (found is < 1 or > int.MaxValue)
            {
                throw Unfit($"dimension {axis} is {found}; use 1 to {int.MaxValue}", input.Name);
            }

            var wanted = input.Shape?[axis] ?? default;
            if (wanted.Size is { } only && only != found)
            {
                throw Unfit($"dimension {axis} is {found}, and the model takes {input}", input.Name);
            }

            if (wanted is { Size: null, Symbol: { Length: > 0 } symbol } && !symbols.TryAdd(symbol, found) && symbols[symbol] != found)
            {
                throw Unfit($"'{symbol}' is {found} in dimension {axis} and {symbols[symbol]} elsewhere; it must be the same", input.Name);
            }

            // No overflow: both factors are below 2^31 as long as the product was within the data.
            length *= found;
            if (length > tensor.Data.Length)
            {
                break;
            }
        }

        if (length != tensor.Data.Length)
        {
            throw Unfit($"[{string.Join(", ", tensor.Shape)}] of {tensor.Type.ToString().ToLowerInvariant()} does not have the {tensor.Data.Length} bytes given", input.Name);
        }
    }

    // What the graph leaves open and the model does not: its memory grows with these sizes, a transformer's with their square.
    private static void CheckAsModel(Tensor[] tensors, ModelPackage package, int idsPerPosition)
    {
        var binding = package.Binding;
        if (tensors.Any(tensor => tensor.Shape[0] != tensors[0].Shape[0]))
        {
            throw Unfit($"the first dimensions are {string.Join(", ", tensors.Select(tensor => tensor.Shape[0]))}; all inputs must have the same number of rows", null);
        }

        var ids = tensors.First(tensor => tensor.Name == binding.Ids);
        if (binding.Task == ModelTask.ImageClassification)
        {
            var image = package.Card.Image!;
            long[] wanted = image.Layout == "NCHW" ? [image.Channels, image.Height, image.Width] : [image.Height, image.Width, image.Channels];
            if (!ids.Shape.Skip(1).SequenceEqual(wanted))
            {
                throw Unfit($"it is [{string.Join(", ", ids.Shape)}], and the model takes [rows, {string.Join(", ", wanted)}]", ids.Name);
            }

            return;
        }

        var longest = Math.Min(package.Card.Tokenizer!.MaxLength, binding.FixedLength ?? int.MaxValue);
        if (ids.Shape is not [_, var length])
        {
            throw Unfit("it must be [rows, ids]", ids.Name);
        }

        if (length > longest || length % idsPerPosition != 0)
        {
            throw Unfit($"a row has {length} ids; the model takes at most {longest}{(idsPerPosition > 1 ? $", in multiples of {idsPerPosition}" : string.Empty)}", ids.Name);
        }

        if (tensors.FirstOrDefault(tensor => !tensor.Shape.SequenceEqual(ids.Shape)) is { } other)
        {
            throw Unfit($"it is [{string.Join(", ", other.Shape)}], and '{ids.Name}' is [{string.Join(", ", ids.Shape)}]; they must be alike", other.Name);
        }
    }
}
