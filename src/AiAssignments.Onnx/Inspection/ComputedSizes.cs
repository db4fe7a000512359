using System.Globalization;
using AiAssignments.Core.Errors;

namespace AiAssignments.Onnx.Inspection;

/// <summary>
/// Refuses nodes that make an absurdly large tensor from a size that stands in the file (https://onnx.ai/onnx/operators/). Sizes that are computed from other
/// values, or that are external data, are not known here.
/// </summary>
internal sealed class ComputedSizes(OnnxLimits limits, string path)
{
    private static readonly HashSet<string> Operators =
    [
        "ConstantOfShape", "Expand", "Tile", "Resize", "Upsample", "RandomNormal", "RandomUniform", "RandomNormalLike", "RandomUniformLike", "EyeLike", "Range",
        "OneHot", "Pad", "HannWindow", "HammingWindow", "BlackmanWindow",
    ];

    /// <summary>Whether an operator's output can be larger than its inputs by a number among them.</summary>
    public static bool Grows(string domain, string name) => domain is "" or "com.microsoft" && Operators.Contains(name);

    /// <summary>Looks at the nodes of a scope, once its constants and those around it are known.</summary>
    public void Check(ConstantScope scope)
    {
        foreach (var node in scope.Growing)
        {
            // Written so that what is no number is refused, too.
            if (Elements(node, scope) is { } elements && !(elements <= limits.ValueElements))
            {
                throw new ProblemException(
                    "onnx-tensor-size",
                    string.Create(CultureInfo.InvariantCulture, $"A node {node.Operator} would make a tensor of {elements:0} elements; at most {limits.ValueElements} are allowed."),
                    path);
            }
        }
    }

    private static double? Elements(NodeFacts node, ConstantScope scope)
    {
        Constant? Input(int index) => index < node.Inputs.Count && node.Inputs[index].Length > 0 ? scope.Find(node.Inputs[index]) : null;
        double Known(int index) => Input(index)?.Elements ?? 1;
        switch (node.Operator)
        {
            case "ConstantOfShape":
                return Product(Input(0));
            case "Expand":
                return Product(Input(1));
            case "Tile":
                return Product(Input(1) ?? node.Attribute("repeats")) * Known(0);
            case "Resize" or "Upsample":
                var scales = Product(Input(1)) ?? Product(node.Attribute("scales"));
                return Largest(Product(Input(3)), Largest(scales, Product(Input(2))) * Known(0));
            case "RandomNormal" or "RandomUniform":
                return Product(node.Attribute("shape"));
            case "RandomNormalLike" or "RandomUniformLike" or "EyeLike":
                return Input(0)?.Elements;
            case "Range":
                return Range(First(Input(0)), First(Input(1)), First(Input(2)));
            case "OneHot":
                return First(Input(1)) * Known(0);
            case "Pad":
                return Padded(Input(1) ?? node.Attribute("pads") ?? node.Attribute("paddings"));
            default:
                return First(Input(0));
        }
    }

    // -1 and 0 stand for sizes taken from elsewhere in some operators and are errors in others; a true 0 makes the tensor empty.
    private static double? Product(Constant? shape)
    {
        if (shape is null)
        {
            return null;
        }

        if (shape.Values is null)
        {
            return shape.Elements > Constant.MostValues ? double.PositiveInfinity : null;
        }

        var product = 1.0;
        foreach (var size in shape.Values)
        {
            product *= size < 0 ? 1 : size;
        }

        return product;
    }

    private static double? First(Constant? scalar) => scalar?.Values is { Length: > 0 } values ? values[0] : null;

    private static double? Largest(double? one, double? other) => one is null ? other : other is null ? one : Math.Max(one.Value, other.Value);

    private static double? Range(double? start, double? end, double? step) => Math.Max(0, Math.Ceiling((end - start) / step ?? 0));

    // Two numbers an axis, all beginnings first; an axis has at least one element before.
    private static double? Padded(Constant? pads)
    {
        if (pads?.Values is not { } values)
        {
            return Product(pads);
        }

        var (product, axes) = (1.0, values.Length / 2);
        for (var axis = 0; axis < axes; axis++)
        {
            product *= Math.Max(1, 1 + values[axis] + values[axis + axes]);
        }

        return product;
    }
}
