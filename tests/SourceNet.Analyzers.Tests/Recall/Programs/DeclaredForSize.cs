// Two declared models that say how many samples they learn from, and what augments the images of the smaller set.
[Model, Input(784), TrainedOn(5_000), WeightDecay(1e-4)]
internal sealed partial class SmallDigits
{
    [Linear(256), Activation(ReLU), Dropout(0.3)]
    private partial Tensor Hidden(Tensor x);

    [Linear(10), Output]
    private partial Tensor Logits(Tensor x);
}

[Model, Input(128), TrainedOn(500_000), WeightDecay(1e-5)]
internal sealed partial class LargeTable
{
    [Linear(64), Norm(Layer), Activation(ReLU), Dropout(0.1)] private partial Tensor Layer1(Tensor x);

    [Linear(64), Norm(Layer), Activation(ReLU)] private partial Tensor Layer2(Tensor x);

    [Linear(64), Norm(Layer), Activation(ReLU)] private partial Tensor Layer3(Tensor x);

    [Linear(64), Norm(Layer), Activation(ReLU)] private partial Tensor Layer4(Tensor x);

    [Linear(64), Norm(Layer), Activation(ReLU)] private partial Tensor Layer5(Tensor x);

    [Linear(64), Norm(Layer), Activation(ReLU)] private partial Tensor Layer6(Tensor x);

    [Linear(64), Norm(Layer), Activation(ReLU)] private partial Tensor Layer7(Tensor x);

    [Linear(10), Output] private partial Tensor Logits(Tensor x);
}

internal static class SmallDigitsData
{
    public static Tensor Augment(Tensor images) => where(rand(images.shape[0], 1) < 0.5, images, images.flip(1));

    public static Tensor Batch(Tensor images) => Augment(images);
}
