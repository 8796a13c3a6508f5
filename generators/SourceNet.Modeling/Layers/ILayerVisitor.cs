namespace SourceNet.Modeling.Layers;

/// <summary>A back end: it says something about every kind of layer. One more kind is one more member, and a back end that lacks it does not compile.</summary>
public interface ILayerVisitor<out TResult>
{
    TResult Linear(LinearLayer layer);

    TResult Convolution(ConvolutionLayer layer);

    TResult Embedding(EmbeddingLayer layer);

    TResult PositionEmbedding(PositionEmbeddingLayer layer);

    TResult Attention(AttentionLayer layer);

    TResult FeedForward(FeedForwardLayer layer);

    TResult SwiGlu(SwiGluLayer layer);

    TResult Norm(NormLayer layer);

    TResult Activation(ActivationLayer layer);

    TResult Pool(PoolLayer layer);

    TResult GlobalAveragePool(GlobalAveragePoolLayer layer);

    TResult Upsample(UpsampleLayer layer);

    TResult PixelShuffle(PixelShuffleLayer layer);

    TResult Flatten(FlattenLayer layer);

    TResult Reshape(ReshapeLayer layer);

    TResult Softmax(SoftmaxLayer layer);

    TResult Dropout(DropoutLayer layer);

    TResult DropPath(DropPathLayer layer);

    TResult GaussianNoise(GaussianNoiseLayer layer);

    TResult Stack(StackLayer layer);

    /// <summary>A layer that no attribute declares, or that could not be read: it stands in no block that is written.</summary>
    TResult NotDeclared(Layer layer);
}
