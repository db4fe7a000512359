using AiAssignments.Inference.Protocol.Wire;
using Google.Protobuf.Collections;

namespace AiAssignments.InferenceServer.Rpc;

/// <summary>Parameters as gRPC carries them.</summary>
internal static class RpcParameters
{
    public static Dictionary<string, ParameterValue> Read(MapField<string, InferParameter> parameters) =>
        parameters.ToDictionary(each => each.Key, each => Value(each.Value), StringComparer.Ordinal);

    public static void RefuseSharedMemory(MapField<string, InferParameter> parameters, string where)
    {
        if (parameters.Count > 0)
        {
            Parameters.RefuseSharedMemory(Read(parameters), where);
        }
    }

    private static ParameterValue Value(InferParameter parameter) => parameter.ParameterChoiceCase switch
    {
        InferParameter.ParameterChoiceOneofCase.BoolParam => ParameterValue.Of(parameter.BoolParam),
        InferParameter.ParameterChoiceOneofCase.Int64Param => ParameterValue.Of(parameter.Int64Param),
        InferParameter.ParameterChoiceOneofCase.Uint64Param => parameter.Uint64Param <= long.MaxValue
            ? ParameterValue.Of((long)parameter.Uint64Param)
            : ParameterValue.Of((double)parameter.Uint64Param),
        InferParameter.ParameterChoiceOneofCase.DoubleParam => ParameterValue.Of(parameter.DoubleParam),
        InferParameter.ParameterChoiceOneofCase.StringParam => ParameterValue.Of(parameter.StringParam),
        _ => default,
    };
}
