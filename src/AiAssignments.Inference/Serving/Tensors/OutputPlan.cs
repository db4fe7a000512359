using AiAssignments.Core.Models;
using AiAssignments.Inference.Models;
using AiAssignments.Onnx.Inspection;

namespace AiAssignments.Inference.Serving.Tensors;

/// <summary>What is known of the outputs a caller wants, from the graph's signature.</summary>
/// <param name="Names">Their names, in the order asked for.</param>
/// <param name="Splittable">Each has one part a row: requests may share a batch.</param>
/// <param name="Paddable">Each is as long as the row's ids, or not at all: rows may be padded, and the outputs cut back.</param>
/// <param name="Cut">Which of them are cut back.</param>
internal sealed record OutputPlan(string[] Names, bool Splittable, bool Paddable, bool[] Cut)
{
    public static OutputPlan Of(IReadOnlyList<string> wanted, OnnxSignature signature, ModelBinding binding)
    {
        var outputs = wanted.Count == 0 ? [.. signature.Outputs] : wanted.Select(name => Find(name, signature)).ToList();
        if (wanted.Count != wanted.Distinct(StringComparer.Ordinal).Count())
        {
            throw TensorDoor.Unfit("an output is asked for twice", null);
        }

        foreach (var output in outputs)
        {
            if (TensorTypes.Size(output.ElementType) == 0)
            {
                throw TensorDoor.Unfit($"the output {output} cannot travel; ask for others", output.Name);
            }
        }

        var cut = outputs.Select(output => IsAsLongAsIds(output, signature, binding)).ToArray();
        var splittable = binding.FixedBatch is null && outputs.TrueForAll(output => output.Shape is [{ Size: null }, ..] || IsBound(output, binding));
        var paddable = splittable && binding.Mask is not null && binding.FixedLength is null
            && outputs.Select((output, i) => cut[i] ? EndsFixed(output, 2) : EndsFixed(output, 1) || (IsBound(output, binding) && binding.Task == ModelTask.TextClassification)).All(fits => fits);
        return new([.. outputs.Select(output => output.Name)], splittable, paddable, cut);
    }

    private static OnnxValue Find(string name, OnnxSignature signature) =>
        signature.Outputs.FirstOrDefault(output => output.Name == name)
            ?? throw TensorDoor.Unfit($"the model has no output '{TensorDoor.Shown(name)}'; it has {string.Join(", ", signature.Outputs.Select(output => output.Name))}", name);

    private static bool IsBound(OnnxValue output, ModelBinding binding) => output.Name == binding.Output;

    private static bool IsAsLongAsIds(OnnxValue output, OnnxSignature signature, ModelBinding binding)
    {
        if (IsBound(output, binding))
        {
            return binding.Task == ModelTask.TokenClassification;
        }

        var ids = signature.Inputs.First(input => input.Name == binding.Ids);
        return output.Shape is [_, { Symbol: { Length: > 0 } symbol }, ..] && ids.Shape is [_, { Symbol: { } length }, ..] && symbol == length;
    }

    private static bool EndsFixed(OnnxValue output, int from) => output.Shape is { } shape && shape.Skip(from).All(size => size.Size is not null);
}
