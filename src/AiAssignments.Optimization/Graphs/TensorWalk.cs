using AiAssignments.Onnx;

namespace AiAssignments.Optimization.Graphs;

/// <summary>Finds every tensor of a model: initializers, dense and sparse, and attributes, in all graphs and functions.</summary>
internal static class TensorWalk
{
    public static IEnumerable<TensorProto> All(ModelProto model) =>
        Of(model.Graph).Concat(model.Functions.SelectMany(function => function.Node).SelectMany(Of));

    private static IEnumerable<TensorProto> Of(GraphProto graph) =>
        graph.Initializer
            .Concat(graph.SparseInitializer.SelectMany(Of))
            .Concat(graph.Node.SelectMany(Of));

    private static IEnumerable<TensorProto> Of(NodeProto node)
    {
        foreach (var attribute in node.Attribute)
        {
            var graphs = attribute.G is null ? attribute.Graphs.AsEnumerable() : attribute.Graphs.Prepend(attribute.G);
            var sparse = attribute.SparseTensor is null ? attribute.SparseTensors.AsEnumerable() : attribute.SparseTensors.Prepend(attribute.SparseTensor);
            var dense = attribute.T is null ? attribute.Tensors.AsEnumerable() : attribute.Tensors.Prepend(attribute.T);
            foreach (var tensor in dense.Concat(sparse.SelectMany(Of)).Concat(graphs.SelectMany(Of)))
            {
                yield return tensor;
            }
        }
    }

    private static IEnumerable<TensorProto> Of(SparseTensorProto sparse) =>
        new[] { sparse.Values, sparse.Indices }.Where(tensor => tensor is not null);
}
