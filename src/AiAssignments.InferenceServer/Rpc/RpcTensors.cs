using System.Runtime.InteropServices;
using AiAssignments.Core.Errors;
using AiAssignments.Inference.Protocol.Wire;
using AiAssignments.Inference.Serving;
using Google.Protobuf;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.InferenceServer.Rpc;

/// <summary>Makes tensors of a gRPC request's inputs: raw contents as they are, typed contents packed.</summary>
internal static class RpcTensors
{
    public static Tensor Read(ModelInferRequest.Types.InferInputTensor input, ByteString? raw, ProtocolLimits limits, string where)
    {
        var type = Datatypes.Find(input.Datatype)
            ?? throw new ProblemException("tensor-invalid", $"'{input.Datatype}' is not a datatype of the protocol.", $"{where}.datatype");
        RpcParameters.RefuseSharedMemory(input.Parameters, where);
        if (raw is not null)
        {
            return input.Contents is null
                ? RawTensor.Check(input.Name, type, [.. input.Shape], raw.Memory, limits, where)
                : throw new ProblemException("request-invalid", $"The tensor '{input.Name}' has contents beside raw_input_contents; give one of them.", where);
        }

        if (input.Contents is not { } contents)
        {
            throw new ProblemException("request-invalid", $"The tensor '{input.Name}' has neither contents nor raw_input_contents.", where);
        }

        // Before memory is taken for them.
        var elements = TensorShapes.Elements([.. input.Shape], limits, $"{where}.shape");
        var count = Count(contents, type);
        if (count != elements || (type == DataType.String && count > limits.Strings))
        {
            throw new ProblemException("tensor-invalid", $"The tensor '{input.Name}' has {count} elements in its contents; [{string.Join(", ", input.Shape)}] needs {elements}, and BYTES may have {limits.Strings}.", where);
        }

        return RawTensor.Check(input.Name, type, [.. input.Shape], Pack(type, contents, input.Name, where), limits, where);
    }

    private static byte[] Pack(DataType type, InferTensorContents contents, string name, string where)
    {
        var packed = type switch
        {
            DataType.Bool => contents.BoolContents.Select(value => (byte)(value ? 1 : 0)).ToArray(),
            DataType.Int8 => Narrow<int, sbyte>(contents.IntContents, name, where),
            DataType.Int16 => Narrow<int, short>(contents.IntContents, name, where),
            DataType.Int32 => Narrow<int, int>(contents.IntContents, name, where),
            DataType.Int64 => Narrow<long, long>(contents.Int64Contents, name, where),
            DataType.Uint8 => Narrow<uint, byte>(contents.UintContents, name, where),
            DataType.Uint16 => Narrow<uint, ushort>(contents.UintContents, name, where),
            DataType.Uint32 => Narrow<uint, uint>(contents.UintContents, name, where),
            DataType.Uint64 => Narrow<ulong, ulong>(contents.Uint64Contents, name, where),
            DataType.Float => MemoryMarshal.AsBytes<float>(contents.Fp32Contents.ToArray()).ToArray(),
            DataType.Double => MemoryMarshal.AsBytes<double>(contents.Fp64Contents.ToArray()).ToArray(),
            DataType.String => BytesTensor.Join([.. contents.BytesContents.Select(value => value.Memory)]),
            _ => throw new ProblemException("tensor-invalid", $"{Datatypes.NameOf(type)} has no typed contents; send the tensor '{name}' in raw_input_contents.", where),
        };

        // Elements in the field of another type would be passed over in silence.
        var used = Count(contents, type);
        var all = contents.BoolContents.Count + contents.IntContents.Count + contents.Int64Contents.Count + contents.UintContents.Count + contents.Uint64Contents.Count
            + contents.Fp32Contents.Count + contents.Fp64Contents.Count + contents.BytesContents.Count;
        return used == all
            ? packed
            : throw new ProblemException("tensor-invalid", $"The tensor '{name}' is {Datatypes.NameOf(type)} and has {all - used} elements in the contents of another type.", where);
    }

    private static int Count(InferTensorContents contents, DataType type) => type switch
    {
        DataType.Bool => contents.BoolContents.Count,
        DataType.Int8 or DataType.Int16 or DataType.Int32 => contents.IntContents.Count,
        DataType.Int64 => contents.Int64Contents.Count,
        DataType.Uint8 or DataType.Uint16 or DataType.Uint32 => contents.UintContents.Count,
        DataType.Uint64 => contents.Uint64Contents.Count,
        DataType.Float => contents.Fp32Contents.Count,
        DataType.Double => contents.Fp64Contents.Count,
        _ => contents.BytesContents.Count,
    };

    private static byte[] Narrow<TWide, TNarrow>(IReadOnlyList<TWide> values, string name, string where)
        where TWide : System.Numerics.INumber<TWide>
        where TNarrow : unmanaged, System.Numerics.INumber<TNarrow>
    {
        var narrow = new TNarrow[values.Count];
        for (var i = 0; i < narrow.Length; i++)
        {
            try
            {
                narrow[i] = TNarrow.CreateChecked(values[i]);
            }
            catch (OverflowException)
            {
                throw new ProblemException("tensor-invalid", $"Element {i} of the tensor '{name}' is {values[i]}, which does not fit its datatype.", where);
            }
        }

        return MemoryMarshal.AsBytes<TNarrow>(narrow).ToArray();
    }
}
