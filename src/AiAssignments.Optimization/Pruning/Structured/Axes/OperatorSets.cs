namespace AiAssignments.Optimization.Pruning.Structured.Axes;

/// <summary>Operators that treat every element, every channel or every axis alike (ONNX, Operators.md).</summary>
internal static class OperatorSets
{
    /// <summary>Each element of the first input for itself; further inputs are single numbers.</summary>
    public static readonly HashSet<string> Unary = new(StringComparer.Ordinal)
    {
        "Abs", "Cast", "Ceil", "Celu", "Clip", "Cos", "Dropout", "Elu", "Erf", "Exp", "Floor", "Gelu", "HardSigmoid", "HardSwish", "Identity", "IsNaN", "LeakyRelu",
        "Log", "Mish", "Neg", "Not", "Reciprocal", "Relu", "Round", "Selu", "Sigmoid", "Sign", "Sin", "Softplus", "Softsign", "Sqrt", "Tanh", "ThresholdedRelu",
    };

    /// <summary>ONNX Runtime's own of that kind.</summary>
    public static readonly HashSet<string> RuntimeUnary = new(StringComparer.Ordinal) { "Gelu", "QuickGelu" };

    /// <summary>Elements at the same place of several inputs, which are stretched to one shape.</summary>
    public static readonly HashSet<string> Broadcasting = new(StringComparer.Ordinal)
    {
        "Add", "And", "Div", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Max", "Mean", "Min", "Mod", "Mul", "Or", "Pow", "PRelu", "Sub", "Sum",
        "Where", "Xor",
    };

    /// <summary>Each channel for itself.</summary>
    public static readonly HashSet<string> Pools = new(StringComparer.Ordinal)
    {
        "AveragePool", "GlobalAveragePool", "GlobalLpPool", "GlobalMaxPool", "LpPool", "MaxPool",
    };

    public static readonly HashSet<string> Reductions = new(StringComparer.Ordinal)
    {
        "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSum", "ReduceSumSquare",
    };

    public static readonly HashSet<string> Softmaxes = new(StringComparer.Ordinal) { "Hardmax", "LogSoftmax", "Softmax" };
}
