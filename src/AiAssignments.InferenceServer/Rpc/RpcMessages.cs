using AiAssignments.Core.Errors;
using AiAssignments.Inference.Protocol.Requests;
using AiAssignments.Inference.Protocol.Responses;
using AiAssignments.Inference.Protocol.Wire;
using Google.Protobuf;

namespace AiAssignments.InferenceServer.Rpc;

/// <summary>Inference requests and answers as gRPC carries them.</summary>
internal static class RpcMessages
{
    public static InferRequest Read(ModelInferRequest message, ProtocolLimits limits)
    {
        if (message.Inputs.Count > limits.Tensors || message.Outputs.Count > limits.Tensors)
        {
            throw new ProblemException("request-invalid", $"There are more than {limits.Tensors} inputs or outputs.");
        }

        var raw = message.RawInputContents;
        if (raw.Count > 0 && raw.Count != message.Inputs.Count)
        {
            throw new ProblemException("request-invalid", $"There are {message.Inputs.Count} inputs and {raw.Count} raw_input_contents; each input needs one, in the same order.", "raw_input_contents");
        }

        var inputs = message.Inputs.Select((input, i) => RpcTensors.Read(input, raw.Count > 0 ? raw[i] : null, limits, $"inputs[{i}]")).ToList();
        var outputs = message.Outputs.Select((output, i) => Output(output, $"outputs[{i}]")).ToList();
        var parameters = RpcParameters.Read(message.Parameters);
        return new InferRequest(message.Id, inputs, outputs, BinaryOutput: true, Parameters.Timeout(parameters, "parameters")).Checked();
    }

    public static ModelInferResponse Write(InferResponse answer)
    {
        var message = new ModelInferResponse { ModelName = answer.Model.Name, ModelVersion = answer.Model.Version, Id = answer.Id };
        foreach (var output in answer.Outputs)
        {
            var tensor = output.Tensor;
            var described = new ModelInferResponse.Types.InferOutputTensor
            {
                Name = tensor.Name,
                Datatype = Datatypes.NameOf(tensor.Type)
                    ?? throw new ProblemException("tensor-unfit", $"The output '{tensor.Name}' has the element type {tensor.Type}, which the protocol cannot carry; name other outputs."),
            };
            described.Shape.Add(tensor.Shape);
            message.Outputs.Add(described);

            // The answer is written before anything else can change the tensor.
            message.RawOutputContents.Add(UnsafeByteOperations.UnsafeWrap(tensor.Data));
        }

        return message;
    }

    public static ModelStatistics Write(Inference.Protocol.ModelStatistics counted)
    {
        var message = new ModelStatistics
        {
            Name = counted.Key.Name,
            Version = counted.Key.Version,
            LastInference = (ulong)(counted.LastInference?.ToUnixTimeMilliseconds() ?? 0),
            InferenceCount = (ulong)counted.Rows,
            ExecutionCount = (ulong)counted.Executions,
            InferenceStats = new InferStatistics
            {
                Success = Duration(counted.Succeeded, counted.Queue + counted.Tokenize + counted.Inference),
                Fail = Duration(counted.Failed, TimeSpan.Zero),
                Queue = Duration(counted.Succeeded, counted.Queue),
                ComputeInput = Duration(counted.Succeeded, counted.Tokenize),
                ComputeInfer = Duration(counted.Succeeded, counted.Inference),
            },
        };
        message.BatchStats.Add(counted.Batches.Select(each => new InferBatchStatistics { BatchSize = (ulong)each.Rows, ComputeInfer = Duration(each.Count, each.Inference) }));
        return message;
    }

    private static StatisticDuration Duration(long count, TimeSpan time) => new() { Count = (ulong)count, Ns = (ulong)time.TotalNanoseconds };

    private static RequestedOutput Output(ModelInferRequest.Types.InferRequestedOutputTensor output, string where)
    {
        var parameters = RpcParameters.Read(output.Parameters);
        Parameters.RefuseSharedMemory(parameters, where);
        return new RequestedOutput(output.Name, null, Parameters.Classification(parameters, $"{where}.parameters"));
    }
}
