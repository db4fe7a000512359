using System.Text;
using AiAssignments.Core.Errors;
using AiAssignments.Inference.Protocol.Requests;
using AiAssignments.Inference.Protocol.Wire;
using AiAssignments.Onnx;

namespace AiAssignments.Tests.Protocol;

public sealed class InferRequestReaderTests
{
    [Theory]
    [InlineData("""{"id":"a","inputs":[{"name":"x","shape":[2,3],"datatype":"FP32","data":[1,2,3,4,5,6]}]}""")]
    [InlineData("""{"inputs":[{"data":[[1,2,3],[4,5,6]],"name":"x","datatype":"FP32","shape":[2,3]}],"id":"a"}""")]
    [InlineData("""{"inputs":[{"name":"x","parameters":{},"extra":{"deep":[1,{"a":[]}]},"shape":[2,3],"data":[1.0,2e0,3,4,5,6.00],"datatype":"FP32"}],"id":"a","outputs":null,"parameters":null}""")]
    public void Data_flat_or_nested_in_any_order_of_members_is_the_same_tensor(string json)
    {
        var request = Read(json);
        var input = Assert.Single(request.Inputs);
        Assert.Equal("a", request.Id);
        Assert.Equal(TensorProto.Types.DataType.Float, input.Type);
        Assert.Equal([2L, 3L], input.Shape);
        Assert.Equal([1f, 2f, 3f, 4f, 5f, 6f], Values<float>(input.Data));
    }

    [Theory]
    [InlineData("BOOL", "[true,false]", new byte[] { 1, 0 })]
    [InlineData("UINT8", "[0,255]", new byte[] { 0, 255 })]
    [InlineData("INT8", "[-128,127]", new byte[] { 128, 127 })]
    [InlineData("UINT16", "[0,65535]", new byte[] { 0, 0, 255, 255 })]
    [InlineData("INT16", "[-32768,1]", new byte[] { 0, 128, 1, 0 })]
    [InlineData("UINT32", "[4294967295,1]", new byte[] { 255, 255, 255, 255, 1, 0, 0, 0 })]
    [InlineData("INT32", "[-2147483648,1]", new byte[] { 0, 0, 0, 128, 1, 0, 0, 0 })]
    [InlineData("UINT64", "[18446744073709551615,1]", new byte[] { 255, 255, 255, 255, 255, 255, 255, 255, 1, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData("INT64", "[-9223372036854775808,1]", new byte[] { 0, 0, 0, 0, 0, 0, 0, 128, 1, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData("FP16", "[1,-2]", new byte[] { 0, 0x3C, 0, 0xC0 })]
    [InlineData("FP32", "[1,-2]", new byte[] { 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0 })]
    [InlineData("FP64", "[1,-2]", new byte[] { 0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0 })]
    [InlineData("BYTES", "[\"a\\u00e9\",\"\"]", new byte[] { 3, 0, 0, 0, 0x61, 0xC3, 0xA9, 0, 0, 0, 0 })]
    public void Every_datatype_becomes_its_little_endian_bytes(string datatype, string data, byte[] expected)
    {
        var request = Read($$"""{"inputs":[{"name":"x","shape":[2],"datatype":"{{datatype}}","data":{{data}}}]}""");
        Assert.Equal(expected, request.Inputs[0].Data.ToArray());
    }

    [Theory]
    [InlineData("UINT8", "256")]
    [InlineData("UINT8", "-1")]
    [InlineData("INT8", "128")]
    [InlineData("INT32", "2147483648")]
    [InlineData("INT64", "9223372036854775808")]
    [InlineData("UINT64", "-1")]
    [InlineData("INT64", "1.5")]
    [InlineData("FP32", "1e39")]
    [InlineData("FP16", "70000")]
    [InlineData("FP64", "1e400")]
    [InlineData("FP32", "\"1\"")]
    [InlineData("FP32", "null")]
    [InlineData("BOOL", "1")]
    [InlineData("BYTES", "1")]
    [InlineData("FP32", "{}")]
    public void A_value_that_the_datatype_cannot_hold_is_refused_with_its_place(string datatype, string value)
    {
        var problem = Refused($$"""{"inputs":[{"name":"x","shape":[1],"datatype":"{{datatype}}","data":[{{value}}]}]}""");
        Assert.Equal("request-invalid", problem.Code);
        Assert.Equal("inputs[0].data", problem.Where);
        Assert.Contains("at byte ", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[2,3]", "[1,2,3,4,5]")]
    [InlineData("[2,3]", "[1,2,3,4,5,6,7]")]
    [InlineData("[2,3]", "[[1,2,3],[4,5]]")]
    [InlineData("[2,3]", "[[1,2,3],[4,5,6],[7,8,9]]")]
    [InlineData("[2,3]", "[[1,2],[3,4],[5,6]]")]
    [InlineData("[2,3]", "[[[1,2,3],[4,5,6]]]")]
    [InlineData("[2,3]", "[1,[2,3,4],5,6]")]
    [InlineData("[2,3]", "[[1,2,3],4,5,6]")]
    [InlineData("[3]", "[[1],[2],[3]]")]
    [InlineData("[]", "[]")]
    [InlineData("[0]", "[1]")]
    [InlineData("[1]", "1")]
    public void Data_that_does_not_fit_the_shape_is_refused(string shape, string data) =>
        Assert.Equal("inputs[0].data", Refused($$"""{"inputs":[{"name":"x","shape":{{shape}},"datatype":"FP32","data":{{data}}}]}""").Where);

    [Theory]
    [InlineData("[]", "[7]", 4)]
    [InlineData("[0]", "[]", 0)]
    [InlineData("[2,0]", "[[],[]]", 0)]
    [InlineData("[2,0]", "[]", 0)]
    [InlineData("[1,1,1]", "[[[7]]]", 4)]
    public void Scalars_and_empty_tensors_are_tensors(string shape, string data, int bytes) =>
        Assert.Equal(bytes, Read($$"""{"inputs":[{"name":"x","shape":{{shape}},"datatype":"FP32","data":{{data}}}]}""").Inputs[0].Data.Length);

    [Theory]
    [InlineData("[9223372036854775807,9223372036854775807]", "elements")]
    [InlineData("[4294967296,4294967296]", "elements")]
    [InlineData("[1000000]", "elements")]
    [InlineData("[-1]", "-1")]
    [InlineData("[1.5]", "whole number")]
    [InlineData("[99999999999999999999]", "whole number")]
    [InlineData("[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]", "dimensions")]
    public void A_shape_that_overflows_or_promises_too_much_is_refused_before_memory_is_taken(string shape, string expected)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var problem = Refused($$"""{"inputs":[{"name":"x","shape":{{shape}},"datatype":"FP64","data":[1]}]}""");
        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
    }

    [Theory]
    [InlineData("", "request-invalid", "empty")]
    [InlineData("[]", "request-invalid", "object")]
    [InlineData("{}", "request-invalid", "no inputs")]
    [InlineData("""{"inputs":[]}""", "request-invalid", "no inputs")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[NaN]}]}""", "json-invalid", "broken")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[1]}]""", "json-invalid", "broken")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[1]}]} x""", "json-invalid", "broken")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[1]}],"inputs":[]}""", "request-invalid", "twice")]
    [InlineData("""{"inputs":[{"name":"x","name":"x","shape":[1],"datatype":"FP32","data":[1]}]}""", "request-invalid", "twice")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[1],"data":[1]}]}""", "request-invalid", "twice")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[1]},{"name":"x","shape":[1],"datatype":"FP32","data":[1]}]}""", "request-invalid", "'x' is there twice")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[1]}],"outputs":[{"name":"y"},{"name":"y"}]}""", "request-invalid", "'y' is there twice")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"FP32"}]}""", "request-invalid", "neither 'data' nor")]
    [InlineData("""{"inputs":[{"shape":[1],"datatype":"FP32","data":[1]}]}""", "request-invalid", "'name' is missing")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","data":[1]}]}""", "request-invalid", "'shape' is missing")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"fp32","data":[1]}]}""", "tensor-invalid", "not a datatype")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","parameters":{"shared_memory_region":"r"}}]}""", "extension-unsupported", "Shared memory")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","parameters":{"binary_data_size":4}}]}""", "request-invalid", "4 bytes behind the header")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","parameters":{"binary_data_size":-4}}]}""", "parameter-invalid", "binary_data_size")]
    [InlineData("""{"parameters":{"timeout":-1},"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[1]}]}""", "parameter-invalid", "timeout")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[1]}],"outputs":[{"name":"y","parameters":{"classification":"3"}}]}""", "parameter-invalid", "classification")]
    [InlineData("""{"id":7,"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[1]}]}""", "request-invalid", "string")]
    public void What_is_wrong_is_said(string json, string code, string words)
    {
        var problem = Refused(json);
        Assert.Equal(code, problem.Code);
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Arrays_nested_without_end_are_refused()
    {
        var deep = new string('[', 100_000);
        Assert.Equal("request-invalid", Refused($$"""{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":{{deep}}""").Code);
        Assert.Equal("json-invalid", Refused($$"""{"inputs":[{"name":"x","data":{{deep}}""").Code);
        Assert.Equal("json-invalid", Refused($$"""{"other":{{deep}}""").Code);
    }

    [Fact]
    public void Binary_tensors_follow_the_header_in_the_order_of_the_inputs()
    {
        const string Header = """{"inputs":[{"name":"a","shape":[2],"datatype":"INT64","parameters":{"binary_data_size":16}},{"name":"j","shape":[1],"datatype":"INT32","data":[5]},{"name":"b","shape":[1,2],"datatype":"FP16","parameters":{"binary_data_size":4}}],"parameters":{"binary_data_output":true,"timeout":2500}}""";
        byte[] raw = [1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 9, 9, 9, 9];
        byte[] body = [.. Encoding.UTF8.GetBytes(Header), .. raw];
        var request = InferRequestReader.Read(body, Header.Length, ProtocolLimits.Default);
        Assert.Equal(raw[..16], request.Inputs[0].Data.ToArray());
        Assert.Equal([5], Values<int>(request.Inputs[1].Data));
        Assert.Equal(raw[16..], request.Inputs[2].Data.ToArray());
        Assert.True(request.BinaryOutput);
        Assert.Equal(TimeSpan.FromMilliseconds(2.5), request.Timeout);

        var over = Assert.Throws<ProblemException>(() => InferRequestReader.Read((byte[])[.. body, 0], Header.Length, ProtocolLimits.Default));
        Assert.Contains("1 bytes behind the header belong to no input", over.Problem.Message, StringComparison.Ordinal);
        Assert.Throws<ProblemException>(() => InferRequestReader.Read(body, body.Length + 1, ProtocolLimits.Default));
        Assert.Throws<ProblemException>(() => InferRequestReader.Read(body, 0, ProtocolLimits.Default));
    }

    [Theory]
    [InlineData("INT64", "[2]", 15)]
    [InlineData("INT64", "[3]", 16)]
    [InlineData("BYTES", "[3]", 16)]
    [InlineData("BYTES", "[1]", 16)]
    [InlineData("BOOL", "[16]", 16)]
    public void Binary_data_that_does_not_fit_its_tensor_is_refused(string datatype, string shape, int size)
    {
        var header = $$$"""{"inputs":[{"name":"a","shape":{{{shape}}},"datatype":"{{{datatype}}}","parameters":{"binary_data_size":{{{size}}}}}]}""";
        byte[] body = [.. Encoding.UTF8.GetBytes(header), .. Enumerable.Repeat((byte)7, size)];
        var refused = Assert.Throws<ProblemException>(() => InferRequestReader.Read(body, header.Length, ProtocolLimits.Default));
        Assert.Equal("tensor-invalid", refused.Problem.Code);
    }

    [Fact]
    public void Base64_content_is_decoded_when_the_input_says_so()
    {
        var request = Read("""{"inputs":[{"name":"image","shape":[1],"datatype":"BYTES","data":["AAH/"],"parameters":{"content_type":"base64"}}]}""");
        Assert.Equal([3, 0, 0, 0, 0, 1, 255], request.Inputs[0].Data.ToArray());
    }

    [Fact]
    public void Whatever_arrives_is_a_request_or_a_problem_and_never_another_error()
    {
        const string Whole = """{"id":"a","parameters":{"timeout":5},"inputs":[{"name":"x","shape":[2,2],"datatype":"INT32","data":[[1,2],[3,4]]},{"name":"t","shape":[1],"datatype":"BYTES","data":["\u00e9\ud83d\ude00"]}],"outputs":[{"name":"y","parameters":{"classification":2}}]}""";
        var random = new Random(3);
        var seed = Encoding.UTF8.GetBytes(Whole);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = seed[..random.Next(seed.Length / 2, seed.Length + 1)];
            for (var change = random.Next(3); change >= 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                InferRequestReader.Read(bytes, random.Next(4) == 0 ? random.Next(-2, bytes.Length + 3) : null, ProtocolLimits.Default);
            }
            catch (ProblemException)
            {
                // Refused, with a reason.
            }
        }
    }

    private static InferRequest Read(string json) => InferRequestReader.Read(Encoding.UTF8.GetBytes(json), null, ProtocolLimits.Default);

    private static Problem Refused(string json) => Assert.Throws<ProblemException>(() => Read(json)).Problem;

    private static T[] Values<T>(ReadOnlyMemory<byte> data)
        where T : unmanaged => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, T>(data.Span).ToArray();
}
