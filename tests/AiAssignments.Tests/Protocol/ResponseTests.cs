using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using AiAssignments.Core.Errors;
using AiAssignments.Inference.Protocol.Requests;
using AiAssignments.Inference.Protocol.Responses;
using AiAssignments.Inference.Protocol.Wire;
using AiAssignments.Inference.Serving;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Tests.Protocol;

public sealed class ResponseTests
{
    private static readonly string[] Labels = ["cat", "dog", "bird"];

    [Fact]
    public void A_json_answer_has_the_protocol_s_form()
    {
        var response = new InferResponse(new ModelKey("m", "2"), "q", [new InferOutput(Floats("y", [1, 2], 0.5f, -1e-7f), false)], default);
        Assert.Equal("""{"model_name":"m","model_version":"2","id":"q","outputs":[{"name":"y","datatype":"FP32","shape":[1,2],"data":[0.5,-1E-07]}]}""", Header(response));
    }

    [Fact]
    public void What_a_server_writes_a_client_reads_with_the_same_bits()
    {
        var random = new Random(1);
        foreach (var type in new[] { DataType.Bool, DataType.Uint8, DataType.Int8, DataType.Uint16, DataType.Int16, DataType.Uint32, DataType.Int32, DataType.Uint64, DataType.Int64, DataType.Float16, DataType.Float, DataType.Double, DataType.String })
        {
            foreach (var binary in new[] { true, false })
            {
                var tensor = new Tensor("y", type, [2, 3], Data(type, random));
                var response = new InferResponse(new ModelKey("m", "1"), string.Empty, [new InferOutput(tensor, binary)], default);
                var header = Encoding.UTF8.GetBytes(Header(response));
                byte[] body = binary ? [.. header, .. tensor.Data.Span] : header;
                var read = InferResponseReader.Read(body, binary ? header.Length : null, default, ProtocolLimits.Default);
                Assert.Equal("m", read.Model.Name);
                Assert.Equal(tensor.Data.ToArray(), read.Outputs[0].Tensor.Data.ToArray());
                Assert.Equal([2L, 3L], read.Outputs[0].Tensor.Shape);
            }
        }
    }

    [Fact]
    public void What_a_client_writes_a_server_reads()
    {
        var request = new InferRequest("r", [Floats("x", [2], 1, 2), new Tensor("t", DataType.String, [1], BytesTensor.Join([new byte[] { 0, 255 }]))], [new RequestedOutput("y", true, 3)], true, TimeSpan.FromMilliseconds(1.5));
        var header = InferRequestWriter.WriteHeader(request);
        byte[] body = [.. header.Span, .. request.Inputs[0].Data.Span, .. request.Inputs[1].Data.Span];
        var read = InferRequestReader.Read(body, header.Length, ProtocolLimits.Default);
        Assert.Equal(request.Timeout, read.Timeout);
        Assert.Equal(request.Outputs[0], read.Outputs[0]);
        Assert.Equal(request.Inputs.Select(input => Convert.ToHexString(input.Data.Span)), read.Inputs.Select(input => Convert.ToHexString(input.Data.Span)));
    }

    [Fact]
    public void Json_has_no_nan_and_the_problem_says_what_to_do()
    {
        var response = new InferResponse(new ModelKey("m", "1"), string.Empty, [new InferOutput(Floats("y", [1], float.NaN), false)], default);
        var problem = Assert.Throws<ProblemException>(() => Header(response)).Problem;
        Assert.Equal("tensor-not-finite", problem.Code);
        Assert.Contains("binary_data", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Classification_gives_triton_s_strings_a_row()
    {
        var top = Classification.Apply(Floats("y", [2, 3], 0.1f, 0.7f, 0.2f, 1f, 1f, float.NaN), 2, Labels);
        Assert.Equal([2L, 2L], top.Shape);
        Assert.Equal(["0.700000:1:dog", "0.200000:2:bird", "1.000000:0:cat", "1.000000:1:dog"], Strings(top));
    }

    [Fact]
    public void Classification_of_integers_one_dimension_and_more_labels_than_there_are()
    {
        var top = Classification.Apply(new Tensor("y", DataType.Int64, [2], MemoryMarshal.AsBytes<long>(new[] { -5L, long.MaxValue }).ToArray()), 9, Labels);
        Assert.Equal([2L], top.Shape);
        Assert.Equal(["9223372036854775807:1", "-5:0"], Strings(top));
        Assert.Throws<ProblemException>(() => Classification.Apply(new Tensor("y", DataType.Bool, [1], new byte[1]), 1, Labels));
    }

    private static IEnumerable<string> Strings(Tensor tensor) =>
        BytesTensor.Split(tensor.Data, tensor.Shape.Aggregate(1L, (a, b) => a * b), "y").Select(each => Encoding.UTF8.GetString(each.Span));

    private static string Header(InferResponse response)
    {
        var buffer = new ArrayBufferWriter<byte>();
        InferResponseWriter.WriteHeader(response, buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static Tensor Floats(string name, long[] shape, params float[] values) => new(name, DataType.Float, shape, MemoryMarshal.AsBytes<float>(values).ToArray());

    private static byte[] Data(DataType type, Random random)
    {
        if (type == DataType.String)
        {
            return BytesTensor.Join([.. Enumerable.Range(0, 6).Select(i => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(new string('é', i)))]);
        }

        if (type == DataType.Bool)
        {
            return [1, 0, 1, 1, 0, 0];
        }

        var bytes = new byte[6 * Datatypes.SizeOf(type)];
        random.NextBytes(bytes);
        for (var i = 0; i < 6; i++)
        {
            // Bits that are no finite number have no JSON.
            switch (type)
            {
                case DataType.Float:
                    MemoryMarshal.Cast<byte, float>(bytes.AsSpan())[i] = (float)(random.NextDouble() - 0.5) * 1e20f;
                    break;
                case DataType.Double:
                    MemoryMarshal.Cast<byte, double>(bytes.AsSpan())[i] = (random.NextDouble() - 0.5) * 1e200;
                    break;
                case DataType.Float16:
                    MemoryMarshal.Cast<byte, Half>(bytes.AsSpan())[i] = (Half)(random.NextDouble() - 0.5);
                    break;
            }
        }

        return bytes;
    }
}
