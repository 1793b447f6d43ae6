"""What a trained model does with songs: hear, encode, score and write them, measure by measure."""
